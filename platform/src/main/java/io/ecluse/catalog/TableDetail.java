package io.ecluse.catalog;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ecluse.schema.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All that is known of a table, published or yet to be made by a model.
 *
 * @param updatedAt empty for a model of which nothing is published yet: its columns are those that
 *     its header describes
 * @param programs tasks that write or read it by programs
 * @param impact the tables that are made of it by models and programs, and of those
 * @param broken what is wrong with the file that it is of, if anything is
 */
public record TableDetail(
    String schema,
    String name,
    String kind,
    String description,
    Optional<Long> rows,
    long bytes,
    long files,
    @JsonProperty("updated_at") Optional<Instant> updatedAt,
    @JsonProperty("run_id") Optional<String> runId,
    Optional<ModelDetail> model,
    Optional<SourceDetail> source,
    List<ProgramDetail> programs,
    List<String> impact,
    List<ColumnDetail> columns,
    List<TestDetail> tests,
    Optional<String> broken) {
  public TableDetail {
    programs = List.copyOf(programs);
    impact = List.copyOf(impact);
    columns = List.copyOf(columns);
    tests = List.copyOf(tests);
  }

  /** The name as SQL has it. */
  public TableName table() {
    return new TableName(schema, name);
  }

  /**
   * A column, and what the project says of it.
   *
   * @param type empty if nobody knows yet: what a model makes is known once it is published
   */
  public record ColumnDetail(
      String name,
      Optional<String> type,
      boolean nullable,
      String description,
      Optional<Boolean> personal,
      Optional<String> category,
      List<String> tests) {
    public ColumnDetail {
      tests = List.copyOf(tests);
    }
  }

  /**
   * The model that makes the table.
   *
   * @param upstream tables that it reads
   * @param downstream models that read it
   */
  public record ModelDetail(
      String name, String path, String sql, List<String> upstream, List<String> downstream) {}

  /** The stream whose batches are loaded into the table. */
  public record SourceDetail(String name, String stream) {}

  /**
   * A program, which is a task of a DAG.
   *
   * @param runId of the last run with it that succeeded; what it read and wrote is of that, else as
   *     its file says
   */
  public record ProgramDetail(
      String dag,
      String task,
      @JsonProperty("run_id") Optional<String> runId,
      List<String> reads,
      List<String> writes) {
    public ProgramDetail {
      reads = List.copyOf(reads);
      writes = List.copyOf(writes);
    }
  }

  /** A test of a column, and how it went last. */
  public record TestDetail(
      String name,
      Optional<String> column,
      String state,
      @JsonProperty("failing_rows") long failingRows,
      @JsonProperty("failing_keys") Optional<String> failingKeys,
      @JsonProperty("run_id") Optional<String> runId,
      Optional<Instant> at) {}
}
