package io.ecluse.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.ecluse.Platform;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.scheduler.TaskState;
import io.ecluse.staging.BatchManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What extracts left in staging. */
@RestController
@RequestMapping("/api/v1/batches")
final class BatchController {
  private static final int LARGEST_PAGE = 500;
  private static final String IMPACT = "impact_";

  private final Platform platform;

  BatchController(Platform platform) {
    this.platform = platform;
  }

  /** A stream, with the newest of its batches. */
  record StreamBatches(
      String source, String stream, int batches, long bytes, BatchViews.Line newest) {}

  /**
   * A task whose extract left a batch.
   *
   * @param receipt what the extract cost the source, all its streams together
   */
  record Extract(
      @JsonProperty("run_id") String runId,
      @JsonProperty("task_id") String taskId,
      Map<String, String> receipt) {}

  record BatchDetail(
      @JsonUnwrapped BatchViews.Line batch,
      BatchViews.Content content,
      List<String> drift,
      @Nullable Extract extract) {}

  /** The streams that have batches; of one run, with its batches only. */
  @GetMapping
  List<StreamBatches> streams(
      @RequestParam Optional<String> source, @RequestParam Optional<String> run) {
    List<StreamBatches> lines = new ArrayList<>();
    for (String name : platform.staging().sources()) {
      if (source.filter(s -> !s.isEmpty()).map(name::equals).orElse(true)) {
        for (String stream : platform.staging().streams(name)) {
          of(name, stream, run.filter(r -> !r.isEmpty())).ifPresent(lines::add);
        }
      }
    }
    return lines;
  }

  private Optional<StreamBatches> of(String source, String stream, Optional<String> run) {
    List<BatchManifest> all = platform.staging().list(source, stream);
    List<BatchManifest> wanted =
        all.stream().filter(b -> run.map(b.runId()::equals).orElse(true)).toList();
    return wanted.stream()
        .findFirst()
        .map(
            newest ->
                new StreamBatches(
                    source,
                    stream,
                    wanted.size(),
                    wanted.stream().mapToLong(BatchManifest::bytes).sum(),
                    BatchViews.Line.of(newest, before(all, newest))));
  }

  /** The batches of a stream, the newest first. */
  @GetMapping("/{source}/{stream}")
  List<BatchViews.Line> batches(
      @PathVariable String source,
      @PathVariable String stream,
      @RequestParam(defaultValue = "100") int limit) {
    List<BatchManifest> all = required(source, stream);
    return all.stream()
        .limit(Math.max(1, Math.min(limit, LARGEST_PAGE)))
        .map(b -> BatchViews.Line.of(b, before(all, b)))
        .toList();
  }

  @GetMapping("/{source}/{stream}/{extract}")
  BatchDetail batch(
      @PathVariable String source, @PathVariable String stream, @PathVariable String extract) {
    List<BatchManifest> all = required(source, stream);
    BatchManifest batch =
        all.stream()
            .filter(b -> b.extractId().equals(extract))
            .findFirst()
            .orElseThrow(
                () ->
                    new EcluseException(
                        ErrorCode.NOT_FOUND,
                        "Extract %s left no batch of %s.%s, or it was removed since; /api/v1/batches/%s/%s lists those there are"
                            .formatted(extract, source, stream, source, stream)));
    BatchViews.Line line = BatchViews.Line.of(batch, before(all, batch));
    return new BatchDetail(
        line,
        BatchViews.Content.of(batch, platform.staging().location(batch), platform.project().get()),
        BatchViews.drift(batch, before(all, batch)),
        extract(batch).orElse(null));
  }

  private List<BatchManifest> required(String source, String stream) {
    // names that are there: what is asked for goes into no path
    List<BatchManifest> all =
        platform.staging().sources().contains(source)
                && platform.staging().streams(source).contains(stream)
            ? platform.staging().list(source, stream)
            : List.of();
    if (all.isEmpty()) {
      throw new EcluseException(
          ErrorCode.NOT_FOUND,
          "Nothing of %s.%s is in staging; /api/v1/batches lists the streams that have batches"
              .formatted(source, stream));
    }
    return all;
  }

  private static Optional<BatchManifest> before(List<BatchManifest> all, BatchManifest batch) {
    return all.stream().skip(all.indexOf(batch) + 1L).findFirst();
  }

  /** The task that read it, if its run is still known and its last attempt made this batch. */
  private Optional<Extract> extract(BatchManifest batch) {
    return platform.scheduler().tasks(batch.runId()).stream()
        .filter(t -> batch.extractId().equals(t.facts().get("extract_id")))
        .findFirst()
        .map(BatchController::extract);
  }

  private static Extract extract(TaskState task) {
    Map<String, String> receipt = new TreeMap<>(task.facts());
    receipt.keySet().removeIf(name -> !name.startsWith(IMPACT));
    return new Extract(task.runId(), task.taskId(), receipt);
  }
}
