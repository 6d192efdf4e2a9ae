package io.ecluse.project;

/** A kind of source, as the project's files speak of it. Who opens sources adds how. Stateless. */
public interface SourceForm {
  /** The word for it after {@code type} in {@code sources/NAME.yaml}. */
  String name();

  /** What such a file may say; {@link SourceKeys} has what kinds have in common. */
  Shape.Fields shape();

  /** Says what is wrong with a file, as far as it keeps to its shape. */
  default void check(SourceCheck file) {}
}
