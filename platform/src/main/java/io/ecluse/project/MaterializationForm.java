package io.ecluse.project;

import java.util.List;

/** What a model may become, as its header says it. Who builds it adds how. Stateless. */
public interface MaterializationForm {
  /** The word after {@code materialized:}. */
  String name();

  /** Keys of the header that mean something with this word only. */
  default List<Shape.Field> keys() {
    return List.of();
  }
}
