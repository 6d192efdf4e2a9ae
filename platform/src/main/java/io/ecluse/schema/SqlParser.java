package io.ecluse.schema;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads SQL as the engine that runs it does, without running it. Safe for use by several threads;
 * whoever opened it closes it.
 */
public interface SqlParser extends AutoCloseable {
  /** What one statement reads. */
  Reading read(String sql);

  /**
   * What of a statement another engine would answer otherwise, or not at all, in no order. Nothing
   * of one that cannot be read.
   */
  List<Unportable> unportable(String sql);

  /** The functions and operators of a statement, by their lower-case names. */
  Set<String> functions(String sql);

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

  /**
   * A place in which engines differ.
   *
   * @param rule its name
   * @param what stands there, as people would call it
   * @param differs how they differ
   * @param instead what is the same on both
   */
  record Unportable(
      String rule, String what, String differs, String instead, int line, int column) {}
}
