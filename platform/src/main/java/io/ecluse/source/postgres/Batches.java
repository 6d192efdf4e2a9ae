package io.ecluse.source.postgres;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.ExtractRequest;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.Increment;
import io.ecluse.staging.Part;
import io.ecluse.staging.PartFormat;
import io.ecluse.staging.Rejected;
import io.ecluse.staging.StagingArea;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The batches of one extract while they are written. Safe for use by several threads. */
final class Batches {
  private static final String EXTRACTOR = "postgres-binary-copy/1";

  private final PostgresSourceSettings settings;
  private final ExtractRequest request;
  private final StagingArea staging;
  private final Clock clock;
  private final Map<String, Rejections> rejections = new ConcurrentHashMap<>();
  private final Map<String, List<Part>> written = new ConcurrentHashMap<>();
  private final Map<String, Instant> started = new ConcurrentHashMap<>();
  private final Map<String, Instant> ended = new ConcurrentHashMap<>();
  private final Set<String> late = ConcurrentHashMap.newKeySet();

  Batches(
      PostgresSourceSettings settings, ExtractRequest request, StagingArea staging, Clock clock) {
    this.settings = settings;
    this.request = request;
    this.staging = staging;
    this.clock = clock;
  }

  /** What of a stream a file holds. */
  enum Kind {
    ROWS("part"),
    KEYS("keys"),
    CHANGES("changes");

    private final String prefix;

    Kind(String prefix) {
      this.prefix = prefix;
    }

    /** The name under which the files and rows of a stream are counted. */
    String of(String stream) {
      return prefix + "/" + stream;
    }

    String file(PartFormat format, int number) {
      return format.file(prefix, number);
    }
  }

  /** Makes place for a stream. Returns whether an extract that was cut off had left something. */
  boolean begin(ReadPlan plan) {
    String stream = plan.stream();
    boolean left = staging.discardUnfinished(settings.name(), stream, request.extractId());
    staging.begin(settings.name(), stream, request.extractId());
    rejections.put(
        stream, new Rejections(settings.name(), stream, plan.primaryKey(), settings.maxRejected()));
    for (Kind kind : Kind.values()) {
      written.put(kind.of(stream), new ArrayList<>());
    }
    return left;
  }

  /** Notes that a stream is no longer of one moment; true the first time. */
  boolean late(String stream) {
    return late.add(stream);
  }

  boolean isLate(String stream) {
    return late.contains(stream);
  }

  void started(String stream) {
    started.putIfAbsent(stream, clock.instant());
  }

  synchronized void add(Kind kind, String stream, Part part) {
    Objects.requireNonNull(written.get(kind.of(stream))).add(part);
    ended.put(stream, clock.instant());
  }

  Rejections rejections(String stream) {
    return Objects.requireNonNull(rejections.get(stream));
  }

  /**
   * The batches as they are to exist, if no piece of them is missing. That each holds as many rows
   * as the server sent was seen when it was read.
   *
   * @param planned how many pieces there are to be, by {@link Kind#of}
   */
  List<BatchManifest> manifests(
      List<ReadPlan> plans, Map<String, Integer> planned, String position) {
    List<BatchManifest> manifests = new ArrayList<>();
    for (ReadPlan plan : plans) {
      String stream = plan.stream();
      List<Part> files = complete(Kind.ROWS, stream, planned);
      manifests.add(
          new BatchManifest(
              settings.name(),
              stream,
              request.extractId(),
              request.runId(),
              position,
              plan.table().columns().stream().map(PostgresColumn::staged).toList(),
              files.stream().mapToLong(Part::rows).sum(),
              files,
              Objects.requireNonNull(started.get(stream)),
              staging.end(settings.name(), stream, Objects.requireNonNull(ended.get(stream))),
              EXTRACTOR,
              plan.primaryKey(),
              rejected(stream),
              plan.increment(),
              plan.keys().map(k -> new Increment.Keys(complete(Kind.KEYS, stream, planned))),
              isLate(stream) ? Optional.of(files(Kind.CHANGES, stream)) : Optional.empty()));
    }
    return manifests;
  }

  private Rejected rejected(String stream) {
    return Objects.requireNonNull(rejections.get(stream)).rejected();
  }

  private List<Part> complete(Kind kind, String stream, Map<String, Integer> planned) {
    List<Part> files = files(kind, stream);
    int wanted = Objects.requireNonNull(planned.get(kind.of(stream)));
    if (files.size() != wanted) {
      throw new EcluseException(
          ErrorCode.INTERNAL,
          "%s: %d of its %d ranges were read; nothing of this extract is kept"
              .formatted(stream, files.size(), wanted));
    }
    return files;
  }

  private List<Part> files(Kind kind, String stream) {
    List<Part> files = new ArrayList<>(written.get(kind.of(stream)));
    files.sort(Comparator.comparing(Part::file));
    return files;
  }
}
