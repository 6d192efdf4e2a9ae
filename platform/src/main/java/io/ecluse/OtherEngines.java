package io.ecluse;

import io.ecluse.access.AccessTokens;
import io.ecluse.access.Policy;
import io.ecluse.engine.Engine;
import io.ecluse.metadata.Metadata;
import io.ecluse.scheduler.LiveRuns;
import io.ecluse.serve.Catalogs;
import io.ecluse.serve.IcebergDoor;
import io.ecluse.serve.IcebergWriters;
import io.ecluse.serve.OpenRuns;
import io.ecluse.warehouse.Warehouse;
import java.sql.Connection;
import java.util.Set;

/**
 * What lets engines of others in.
 *
 * @param iceberg the catalog that they read and write by
 * @param writers those that write for an attempt of a task
 */
public record OtherEngines(IcebergDoor iceberg, IcebergWriters writers) {
  /** Kinds of tasks that judge or publish what a run has written. */
  private static final Set<String> JUDGES = Set.of("test", "audit", "publish");

  static OtherEngines of(
      Metadata metadata,
      String environment,
      Policy policy,
      AccessTokens tokens,
      Warehouse warehouse,
      Engine engine) {
    LiveRuns live = new LiveRuns(metadata.jdbi(), environment);
    IcebergWriters writers = new IcebergWriters();
    OpenRuns runs =
        new OpenRuns() {
          @Override
          public void require(String runId) {
            live.require(runId);
          }

          @Override
          public void hold(Connection connection, String runId) {
            live.hold(connection, runId, JUDGES);
          }
        };
    return new OtherEngines(
        new IcebergDoor(
            new IcebergDoor.Who(tokens, writers, policy),
            Catalogs.of(warehouse),
            runs,
            engine::tables),
        writers);
  }
}
