package io.ecluse.engine;

import io.ecluse.schema.TableName;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What of a query needs memory for rows, beside reading them.
 *
 * @param joins tables that are joined to another, and queries within a query
 * @param groups of rows that are made one
 * @param sorts of rows, windows among them
 * @param parts of the query, each with rows of its own
 * @param columns names of all columns that it may read, in lower case; empty if that may be any
 */
public record Demand(
    int joins, int groups, int sorts, List<Part> parts, Optional<Set<String>> columns) {
  /** Of a query that reads rows and hands them on. */
  public static final Demand NONE = new Demand(0, 0, 0, List.of(), Optional.empty());

  public Demand {
    parts = List.copyOf(parts);
    columns = columns.map(Set::copyOf);
  }

  /**
   * SELECTs whose tables are joined, by FROM or by what WHERE compares.
   *
   * @param groups made of their rows
   * @param sorts of all of their rows
   */
  public record Part(List<Reading> readings, int groups, int sorts) {
    public Part {
      readings = List.copyOf(readings);
    }
  }

  /**
   * A table that is read once, which may be none of the warehouse.
   *
   * @param conditions the columns of each condition beside it that compares nothing but columns
   *     with constants and each other
   */
  public record Reading(TableName table, List<Set<String>> conditions) {
    public Reading {
      conditions = List.copyOf(conditions);
    }
  }
}
