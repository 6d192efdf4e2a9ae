package io.ecluse.engine;

/**
 * What of a query needs memory for rows, beside reading them.
 *
 * @param joins tables that are joined to another
 * @param groups of rows that are made one
 * @param sorts of rows, windows among them
 */
public record Demand(int joins, int groups, int sorts) {
  /** Of a query that reads rows and hands them on. */
  public static final Demand NONE = new Demand(0, 0, 0);

  /** Whether any. */
  public boolean isAny() {
    return joins + groups + sorts > 0;
  }
}
