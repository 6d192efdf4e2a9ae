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
    written.get(kind.of(stream)).add(part);
    ended.put(stream, clock.instant());
  }

  Rejections rejections(String stream) {
    return rejections.get(stream);
  }

  /**
   * Makes the batches exist, if they hold what the source counted.
   *
   * @param counts rows by {@link Kind#of}
   */
  List<BatchManifest> commit(List<ReadPlan> plans, Map<String, Long> counts, String position) {
    List<BatchManifest> manifests = new ArrayList<>();
    for (ReadPlan plan : plans) {
      String stream = plan.stream();
      List<Part> files = complete(Kind.ROWS, stream, counts);
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
              started.get(stream),
              ended.get(stream),
              EXTRACTOR,
              plan.primaryKey(),
              rejected(stream),
              plan.increment(),
              plan.keys().map(k -> new Increment.Keys(complete(Kind.KEYS, stream, counts))),
              isLate(stream) ? Optional.of(files(Kind.CHANGES, stream)) : Optional.empty()));
    }
    manifests.forEach(staging::commit);
    return manifests;
  }

  private Rejected rejected(String stream) {
    return rejections.get(stream).rejected();
  }

  private List<Part> complete(Kind kind, String stream, Map<String, Long> counts) {
    List<Part> files = files(kind, stream);
    long read = files.stream().mapToLong(Part::rows).sum();
    if (kind == Kind.ROWS && !isLate(stream)) { // else each range was compared as it was read
      requireEqual(stream, read + rejected(stream).rows(), counts.get(kind.of(stream)));
    } else if (kind == Kind.KEYS) {
      requireEqual(stream, read, counts.get(kind.of(stream)));
    }
    return files;
  }

  private List<Part> files(Kind kind, String stream) {
    List<Part> files = new ArrayList<>(written.get(kind.of(stream)));
    files.sort(Comparator.comparing(Part::file));
    return files;
  }

  static void requireEqual(String stream, long read, long counted) {
    if (read != counted) {
      throw new EcluseException(
          ErrorCode.INTERNAL,
          "%s: %d rows were read, but the source counts %d in the same snapshot; nothing of this extract is kept"
              .formatted(stream, read, counted));
    }
  }
}
