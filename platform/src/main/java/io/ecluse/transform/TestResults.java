package io.ecluse.transform;

import io.ecluse.schema.TableName;
import io.ecluse.warehouse.Fence;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Keeps how tests went, for people to look at. Safe for use by several threads. */
public final class TestResults {
  private final Jdbi jdbi;
  private final String environment;
  private final Fence fence;

  public TestResults(Jdbi jdbi, String environment) {
    this(jdbi, environment, Fence.NONE);
  }

  private TestResults(Jdbi jdbi, String environment, Fence fence) {
    this.jdbi = jdbi;
    this.environment = environment;
    this.fence = fence;
  }

  /** The same results, for a writer that keeps some only while the fence lets it. */
  public TestResults behind(Fence guard) {
    return new TestResults(jdbi, environment, guard);
  }

  /** How a test went last. */
  public record Last(
      String test,
      Optional<String> column,
      boolean passed,
      long failingRows,
      Optional<String> failingKeys,
      String runId,
      Instant at) {}

  /**
   * Writes down how the tests of a table went in a run; a second time replaces the first.
   *
   * @throws io.ecluse.error.EcluseException ATTEMPT_OVERTAKEN by the fence
   */
  public void keep(String runId, TableName table, List<TestOutcome> outcomes) {
    jdbi.useTransaction(
        h -> {
          fence.hold(h.getConnection());
          PreparedBatch batch =
              h.prepareBatch(
                  """
                  INSERT INTO test_result (run_id, environment, namespace, name, test, column_name,
                                           passed, failing_rows, failing_keys, tested_at)
                  SELECT :run, :environment, :schema, :name, :test, :column, :passed, :rows, :keys,
                    greatest(clock_timestamp(), max(tested_at) + interval '1 microsecond')
                  FROM test_result
                  WHERE environment = :environment AND namespace = :schema AND name = :name
                    AND test = :test
                  ON CONFLICT (run_id, namespace, name, test) DO UPDATE
                  SET passed = excluded.passed, failing_rows = excluded.failing_rows,
                      failing_keys = excluded.failing_keys, tested_at = excluded.tested_at
                  """);
          for (TestOutcome outcome : outcomes) {
            batch
                .bind("run", runId)
                .bind("environment", environment)
                .bind("schema", table.schema())
                .bind("name", table.name())
                .bind("test", outcome.test())
                .bindByType("column", outcome.column().orElse(null), String.class)
                .bind("passed", outcome.passed())
                .bind("rows", outcome.failingRows())
                .bind("keys", String.join(", ", outcome.failingKeys()))
                .add();
          }
          if (!outcomes.isEmpty()) {
            batch.execute();
          }
        });
  }

  /** The last outcome of each test of a table. */
  public List<Last> last(TableName table) {
    return jdbi.withHandle(
        h ->
            h.createQuery(
                    """
                    SELECT DISTINCT ON (test) test, column_name, passed, failing_rows, failing_keys, run_id, tested_at
                    FROM test_result
                    WHERE environment = :environment AND namespace = :schema AND name = :name
                    ORDER BY test, tested_at DESC
                    """)
                .bind("environment", environment)
                .bind("schema", table.schema())
                .bind("name", table.name())
                .map(
                    (rs, c) ->
                        new Last(
                            rs.getString(1),
                            Optional.ofNullable(rs.getString(2)),
                            rs.getBoolean(3),
                            rs.getLong(4),
                            Optional.ofNullable(rs.getString(5)).filter(k -> !k.isEmpty()),
                            rs.getString(6),
                            rs.getTimestamp(7).toInstant()))
                .list());
  }
}
