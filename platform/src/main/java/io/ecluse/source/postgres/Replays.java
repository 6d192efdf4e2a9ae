package io.ecluse.source.postgres;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.source.Continuation;
import io.ecluse.source.ExtractListener;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.StreamPlan;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.Increment;
import io.ecluse.staging.Rejected;
import io.ecluse.staging.StagingArea;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Plans to read those rows once more that could not land since a stream was last read as a whole.
 * What they bring continues the newest batch, which keeps its cursor.
 */
final class Replays {
  private final PostgresSourceSettings settings;
  private final StagingArea staging;
  private final ExtractRequest request;
  private final ExtractListener listener;

  Replays(
      PostgresSourceSettings settings,
      StagingArea staging,
      ExtractRequest request,
      ExtractListener listener) {
    this.settings = settings;
    this.staging = staging;
    this.request = request;
    this.listener = listener;
  }

  /**
   * The plans of those tables of which rows were rejected.
   *
   * @throws EcluseException NOT_FOUND if there are none; INVALID_USAGE for a stream that was asked
   *     for and is read in full
   */
  List<ReadPlan> of(List<PostgresTable> tables) {
    List<ReadPlan> plans = new ArrayList<>();
    for (PostgresTable table : tables) {
      plan(table).ifPresent(plans::add);
    }
    if (plans.isEmpty()) {
      throw new EcluseException(
          ErrorCode.NOT_FOUND,
          "Of source %s, no row was rejected since its streams were last read as a whole: there is nothing to read again"
              .formatted(settings.name()));
    }
    return plans;
  }

  private Optional<ReadPlan> plan(PostgresTable table) {
    StreamPlan plan = settings.plans().getOrDefault(table.name(), StreamPlan.FULL);
    if (plan.mode() == StreamPlan.Mode.FULL) {
      if (request.streams().contains(table.name())) {
        throw new EcluseException(
            ErrorCode.INVALID_USAGE,
            "Stream %s of source %s is read in full each time, its rejected rows too: ecluse extract %s %s"
                .formatted(table.name(), settings.name(), settings.name(), table.name()));
      }
      return Optional.empty();
    }
    List<BatchManifest> batches = sinceWhole(table.name());
    Set<Map<String, String>> keys = new LinkedHashSet<>();
    for (BatchManifest batch : batches) {
      Rejected rejected = batch.rejected();
      rejected.examples().stream()
          .map(Rejected.Row::key)
          .filter(k -> !k.isEmpty())
          .forEach(keys::add);
      if (rejected.rows() > rejected.examples().size()) {
        throw new EcluseException(
            ErrorCode.INVALID_USAGE,
            "Batch %s rejected %d rows of %s and describes %d of them; read all: ecluse extract %s %s --full"
                .formatted(
                    batch.extractId(),
                    rejected.rows(),
                    table.name(),
                    rejected.examples().size(),
                    settings.name(),
                    table.name()));
      }
    }
    if (keys.isEmpty()) {
      return Optional.empty();
    }
    BatchManifest newest = batches.get(0);
    Increment last = newest.increment().orElseThrow();
    String condition =
        keys.stream().map(key -> condition(table, key)).collect(Collectors.joining(" OR "));
    listener.log("Reading %d rejected rows of %s again".formatted(keys.size(), table.name()));
    return Optional.of(
        new ReadPlan(
            table.where("(" + condition + ")"),
            new Continuation(
                newest.primaryKey(),
                Optional.of(
                    new Increment(
                        last.cursor(),
                        Optional.of("rows that were rejected"),
                        last.to(),
                        Optional.of(newest.extractId()),
                        last.moment(),
                        Optional.empty()))),
            Optional.empty()));
  }

  /** The newest batch first; the last is whole, or the oldest there is. */
  private List<BatchManifest> sinceWhole(String stream) {
    List<BatchManifest> since = new ArrayList<>();
    for (BatchManifest batch : staging.list(settings.name(), stream)) {
      if (batch.increment().isEmpty()) {
        break;
      }
      since.add(batch);
      if (batch.isWhole()) {
        break;
      }
    }
    return since;
  }

  private static String condition(PostgresTable table, Map<String, String> key) {
    return key.entrySet().stream()
        .map(
            e ->
                "%s = '%s'::%s"
                    .formatted(
                        Column.quote(e.getKey()),
                        e.getValue().replace("'", "''"),
                        type(table, e.getKey())))
        .collect(Collectors.joining(" AND ", "(", ")"));
  }

  private static String type(PostgresTable table, String column) {
    return table.columns().stream()
        .filter(c -> c.staged().column().name().equals(column))
        .map(c -> c.staged().sourceType())
        .findFirst()
        .orElse("text");
  }
}
