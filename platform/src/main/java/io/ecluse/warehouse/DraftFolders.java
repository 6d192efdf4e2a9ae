package io.ecluse.warehouse;

import io.ecluse.schema.TableName;
import java.util.List;

/**
 * The folders that a run was given for tables which it is about to create: a writer puts files
 * there before it commits the table. They are forgotten with what the run stages.
 */
record DraftFolders(Staging staging, String environment, String runId) {
  /** Notes one. */
  void add(TableName table, String folder) {
    staging
        .jdbi()
        .useTransaction(
            h -> {
              staging.hold(h, runId);
              h.execute(
                  "INSERT INTO draft_folder (run_id, environment, namespace, name, folder) VALUES (?, ?, ?, ?, ?)",
                  runId,
                  environment,
                  table.schema(),
                  table.name(),
                  folder);
            });
  }

  List<String> of(TableName table) {
    return staging
        .jdbi()
        .withHandle(
            h ->
                h.createQuery(
                        "SELECT folder FROM draft_folder WHERE run_id = :run AND environment = :environment AND namespace = :schema AND name = :name")
                    .bind("run", runId)
                    .bind("environment", environment)
                    .bind("schema", table.schema())
                    .bind("name", table.name())
                    .mapTo(String.class)
                    .list());
  }
}
