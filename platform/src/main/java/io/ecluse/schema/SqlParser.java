package io.ecluse.schema;

import java.util.List;
import java.util.Optional;

/**
 * Reads SQL as the engine that runs it does, without running it. Safe for use by several threads;
 * whoever opened it closes it.
 */
public interface SqlParser extends AutoCloseable {
  /** What one statement reads. */
  Reading read(String sql);

  @Override
  void close();

  /**
   * @param tables those of WITH left out
   * @param mistake why it is no SELECT that can be run; then there are no tables
   */
  record Reading(List<Name> tables, Optional<Mistake> mistake) {
    public Reading {
      tables = List.copyOf(tables);
    }
  }

  /**
   * A table's name as it is written, and where, counted from 1.
   *
   * @param catalog before the schema; empty if there is none
   * @param schema empty if there is none
   */
  record Name(String catalog, String schema, String name, int line, int column) {}

  /** What is wrong, and where, counted from 1. */
  record Mistake(String message, int line, int column) {}
}
