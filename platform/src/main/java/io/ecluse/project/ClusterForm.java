package io.ecluse.project;

/**
 * A kind of cluster, as {@code ecluse.yaml} speaks of it. Who uses clusters adds how. Stateless.
 */
public interface ClusterForm {
  /** The word for it after {@code type} of an entry under {@code clusters}. */
  String name();

  /** What such an entry may say. */
  Shape.Fields shape();

  /** Says what is wrong with an entry, as far as it keeps to its shape. */
  default void check(SourceCheck cluster) {}
}
