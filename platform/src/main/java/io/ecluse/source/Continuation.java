package io.ecluse.source;

import io.ecluse.staging.Increment;
import java.util.List;
import java.util.Optional;

/**
 * What a batch has to do with the one before.
 *
 * @param primaryKey columns that tell rows apart; empty if unknown
 * @param increment empty for a stream that is read in full
 */
public record Continuation(List<String> primaryKey, Optional<Increment> increment) {
  static final Continuation NONE = new Continuation(List.of(), Optional.empty());

  public Continuation {
    primaryKey = List.copyOf(primaryKey);
  }
}
