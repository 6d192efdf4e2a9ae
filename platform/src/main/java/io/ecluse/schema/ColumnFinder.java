package io.ecluse.schema;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the columns of queries, and those that queries name in vain, by names alone: nothing runs,
 * types do not matter. For one thread; whoever opened it closes it.
 */
public interface ColumnFinder extends AutoCloseable {
  /**
   * Looks at a query that can be parsed.
   *
   * @param tables every table that it reads, with its columns if all of them are known
   */
  Found find(String sql, Map<TableName, Optional<List<String>>> tables);

  @Override
  void close();

  /**
   * What could be found out.
   *
   * @param columns those of the result, in their order; empty if they depend on what is not known
   * @param missing the first column that is certainly not there
   */
  record Found(Optional<List<String>> columns, Optional<Missing> missing) {
    /** Nothing is certain. */
    public static final Found NOTHING = new Found(Optional.empty(), Optional.empty());

    public Found {
      columns = columns.map(List::copyOf);
    }
  }

  /**
   * A column that is named where none is of that name.
   *
   * @param candidates near it, as far as the engine tells
   * @param line of the query, counted from 1, as {@code column} is; 1 and 1 if it is not known
   */
  record Missing(String name, List<String> candidates, int line, int column) {
    public Missing {
      candidates = List.copyOf(candidates);
    }
  }
}
