package io.ecluse.source.postgres;

import io.ecluse.staging.Increment;
import java.util.List;
import java.util.Optional;

/**
 * What is read of one table in one extract.
 *
 * @param table with the condition on its rows, if not all are wanted
 * @param primaryKey empty if it has none
 * @param increment how the batch will continue the one before; empty for a stream read in full
 * @param keys the same table with its key alone and every row; empty if nobody asks for deletes
 */
record ReadPlan(
    PostgresTable table,
    List<String> primaryKey,
    Optional<Increment> increment,
    Optional<PostgresTable> keys) {
  String stream() {
    return table.name();
  }
}
