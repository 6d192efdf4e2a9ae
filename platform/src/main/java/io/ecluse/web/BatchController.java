package io.ecluse.web;

import io.ecluse.Platform;
import io.ecluse.access.Action;
import io.ecluse.access.Caller;
import io.ecluse.access.Subject;
import io.ecluse.catalog.BatchDetail;
import io.ecluse.catalog.Batches;
import io.ecluse.catalog.StagedStream;
import io.ecluse.error.ErrorCode;
import java.util.List;
import java.util.Optional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What extracts left in staging. */
@RestController
@RequestMapping("/api/v1/batches")
record BatchController(Platform platform) {
  private static final int LARGEST_PAGE = 500;

  /** A stream, with the newest of its batches. */
  record StreamBatches(
      String source, String stream, int batches, long bytes, BatchDetail.Line newest) {}

  /** The streams that have batches; of one run, with its batches only. */
  @GetMapping
  @Asks(value = Action.SEE, of = Subject.Kind.STREAM)
  List<StreamBatches> streams(
      @RequestParam Optional<String> source, @RequestParam Optional<String> run, Caller caller) {
    Optional<String> ofRun = run.filter(r -> !r.isEmpty());
    return batches().sources().stream()
        .filter(name -> source.filter(s -> !s.isEmpty()).map(name::equals).orElse(true))
        .flatMap(name -> batches().streams(caller, name).stream())
        .flatMap(stream -> of(stream, ofRun).stream())
        .toList();
  }

  private static Optional<StreamBatches> of(StagedStream stream, Optional<String> run) {
    StagedStream wanted = stream.with(b -> run.map(b.runId()::equals).orElse(true));
    return wanted
        .newest()
        .map(
            newest ->
                new StreamBatches(
                    stream.source(),
                    stream.name(),
                    wanted.batches().size(),
                    wanted.bytes(),
                    stream.line(newest)));
  }

  /** The batches of a stream, the newest first. */
  @GetMapping("/{source}/{stream}")
  @Asks(value = Action.SEE, of = Subject.Kind.STREAM, named = "source.stream")
  List<BatchDetail.Line> batches(
      @PathVariable String source,
      @PathVariable String stream,
      @RequestParam(defaultValue = "100") int limit,
      Caller caller) {
    StagedStream staged = required(caller, source, stream);
    return staged.batches().stream()
        .limit(Math.max(1, Math.min(limit, LARGEST_PAGE)))
        .map(staged::line)
        .toList();
  }

  @GetMapping("/{source}/{stream}/{extract}")
  @Asks(value = Action.SEE, of = Subject.Kind.STREAM, named = "source.stream")
  BatchDetail batch(
      @PathVariable String source,
      @PathVariable String stream,
      @PathVariable String extract,
      Caller caller) {
    StagedStream staged = required(caller, source, stream);
    return staged
        .find(extract)
        .map(batch -> batches().detail(staged, batch))
        .orElseThrow(
            () ->
                ErrorCode.NOT_FOUND.error(
                    "Extract %s left no batch of %s.%s, or it was removed since; /api/v1/batches/%s/%s lists those there are"
                        .formatted(extract, source, stream, source, stream)));
  }

  private StagedStream required(Caller caller, String source, String stream) {
    StagedStream staged = batches().stream(caller, source, stream);
    if (staged.batches().isEmpty()) {
      throw ErrorCode.NOT_FOUND.error(
          "Nothing of %s.%s is in staging; /api/v1/batches lists the streams that have batches"
              .formatted(source, stream));
    }
    return staged;
  }

  private Batches batches() {
    return platform.catalog().batches();
  }
}
