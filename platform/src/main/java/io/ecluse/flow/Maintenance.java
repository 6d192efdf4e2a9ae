package io.ecluse.flow;

import io.ecluse.error.EcluseException;
import io.ecluse.project.Settings;
import io.ecluse.query.SpillFolder;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunEvent;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.Scheduler;
import io.ecluse.schema.Effect;
import io.ecluse.schema.TableName;
import io.ecluse.staging.BatchExpiry;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.RemovedBatches;
import io.ecluse.staging.StagingArea;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.Reclaimed;
import io.ecluse.warehouse.Retention;
import io.ecluse.warehouse.TableSnapshot;
import io.ecluse.warehouse.Warehouse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what has had its time, by the settings: old states of tables, batches, and files that
 * nothing refers to. By itself after a run, at most once an hour over all processes, or when asked.
 * Whatever it is cut off from, the next time does.
 *
 * <p>Safe for use by several threads and processes.
 */
public final class Maintenance implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Maintenance.class);
  private static final Duration EVERY = Duration.ofHours(1);

  /** Files that nothing refers to may yet be referred to: whoever wrote them has this long. */
  private static final Duration WRITERS_TIME = Duration.ofDays(1);

  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(30);
  private static final int MOST_RUNS = 10_000;

  private final Supplier<Settings> settings;
  private final StagingArea staging;
  private final Warehouse warehouse;
  private final Scheduler scheduler;
  private final SpillFolder spill;
  private final Clock clock;
  private final ExecutorService background =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          work -> {
            Thread thread = new Thread(work, "ecluse-maintenance");
            thread.setDaemon(true);
            return thread;
          },
          new ThreadPoolExecutor.DiscardPolicy());
  private volatile Instant next = Instant.MIN;

  /**
   * @param settings as they are now
   */
  public Maintenance(
      Supplier<Settings> settings,
      StagingArea staging,
      Warehouse warehouse,
      Scheduler scheduler,
      SpillFolder spill,
      Clock clock) {
    this.settings = settings;
    this.staging = staging;
    this.warehouse = warehouse;
    this.scheduler = scheduler;
    this.spill = spill;
    this.clock = clock;
  }

  /**
   * What was removed, or would be.
   *
   * @param notes for people: why something stays for longer than the settings say
   */
  public record Report(Reclaimed tables, RemovedBatches batches, List<String> notes) {
    public Report {
      notes = List.copyOf(notes);
    }

    boolean isEmpty() {
      return tables.snapshots() == 0 && tables.files() == 0 && batches.batches() == 0;
    }
  }

  /** Begins to look after every run that succeeds, in a thread of its own. */
  public void followRuns() {
    scheduler.subscribe(
        event -> {
          if (event.kind() == RunEvent.Kind.RUN
              && scheduler.hasJoined()
              && isDue(clock.instant())) {
            background.execute(() -> after(event.runId()));
          }
        });
  }

  /** A next time that is far off was set before the clock went back. */
  private boolean isDue(Instant now) {
    return !now.isBefore(next) || (next.isAfter(now.plus(EVERY)) && !next.equals(Instant.MAX));
  }

  /** A run must not fail, nor its process end, because old files cannot be removed. */
  private void after(String runId) {
    try {
      Instant now = clock.instant();
      boolean succeeded =
          scheduler.find(runId).filter(run -> run.state() == RunState.SUCCESS).isPresent();
      if (succeeded && isDue(now)) {
        next = now.plus(EVERY);
        if (warehouse.claimMaintenance(now, now.minus(EVERY))) {
          run(Effect.REMOVE);
        }
      }
    } catch (EcluseException e) {
      LOG.warn("Old data was not removed, the next time is in an hour: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.warn("Old data was not removed, the next time is in an hour", e);
    }
  }

  /**
   * Does it now.
   *
   * @throws EcluseException CONFLICT while a backup is made, or another process does the same
   */
  public Report run(Effect effect) {
    return effect == Effect.TELL ? look(effect) : warehouse.whileFilesStay(() -> look(effect));
  }

  private Report look(Effect effect) {
    Instant now = clock.instant();
    Settings set = settings.get();
    List<Instant> published = warehouse.publications();
    Reckoning states = reckoning(now, set.warehouse().keepSnapshots(), published);
    Reckoning extracts = reckoning(now, set.staging().keepBatches(), published);
    Instant batchesBefore = now.minus(set.staging().keepBatches()).minus(extracts.uncounted());
    Instant filesBefore = now.minus(WRITERS_TIME).minus(states.uncounted());
    Set<String> active = runs(Set.of(RunState.QUEUED, RunState.RUNNING), run -> true);
    Reclaimed tables =
        warehouse.reclaim(
            new Retention(
                now.minus(set.warehouse().keepSnapshots()).minus(states.uncounted()),
                filesBefore,
                active,
                overRuns(active, batchesBefore),
                effect));
    RemovedBatches batches =
        staging.expire(
            new BatchExpiry(
                batchesBefore,
                now.minus(WRITERS_TIME).minus(extracts.uncounted()),
                whichMayGoOn(active, batchesBefore),
                wanted(),
                effect));
    if (effect == Effect.REMOVE) {
      spill.sweep();
    }
    List<String> notes =
        Stream.concat(states.notes().stream(), extracts.notes().stream()).distinct().toList();
    notes.forEach(LOG::warn);
    Report report = new Report(tables, batches, notes);
    if (effect == Effect.REMOVE && !report.isEmpty()) {
      LOG.info(
          "Removed {} old states of tables, {} files of {} bytes, {} batches of {} bytes",
          tables.snapshots(),
          tables.files(),
          tables.bytes(),
          batches.batches(),
          batches.bytes());
    }
    return report;
  }

  private Reckoning reckoning(Instant now, Duration kept, List<Instant> published) {
    return Reckoning.of(now, kept, published, scheduler.steppedForward(now.minus(kept)));
  }

  private Set<String> runs(Set<RunState> states, Predicate<Run> which) {
    Set<String> found = new HashSet<>();
    for (RunState state : states) {
      scheduler.list(Optional.empty(), Optional.of(state), MOST_RUNS, Optional.empty()).stream()
          .filter(which)
          .forEach(run -> found.add(run.id()));
    }
    return found;
  }

  /** Extracts since the one that is in the table: increments that the next load goes through. */
  private Set<String> wanted() {
    Set<String> wanted = new HashSet<>();
    for (String source : staging.sources()) {
      for (String stream : staging.streams(source)) {
        Optional<String> loaded =
            warehouse
                .snapshot(new TableName(source, stream).lower(), ReadView.PUBLISHED)
                .flatMap(TableSnapshot::batch);
        List<String> newestFirst =
            staging.list(source, stream).stream().map(BatchManifest::extractId).toList();
        int lacking = loaded.map(newestFirst::indexOf).orElse(-1);
        wanted.addAll(newestFirst.subList(0, Math.max(0, lacking)));
      }
    }
    return wanted;
  }

  /** Runs that go on, and those that ended so lately that somebody may retry them. */
  private Set<String> whichMayGoOn(Set<String> active, Instant endedBefore) {
    Set<String> runs =
        runs(
            Set.of(RunState.FAILED, RunState.CANCELLED),
            run -> run.endedAt().filter(t -> !t.isBefore(endedBefore)).isPresent());
    runs.addAll(active);
    return runs;
  }

  /** Runs that never published and ended so long ago that nobody goes on with them. */
  private Set<String> overRuns(Set<String> active, Instant endedBefore) {
    Set<String> over = new HashSet<>();
    for (String id : warehouse.stagingRuns()) {
      Optional<Run> run = scheduler.find(id);
      boolean ended = run.isEmpty() || run.get().state().isEnd();
      boolean lately = run.flatMap(Run::endedAt).filter(t -> !t.isBefore(endedBefore)).isPresent();
      if (!active.contains(id) && ended && !lately) {
        over.add(id);
      }
    }
    return over;
  }

  /** Lets what has begun come to its end, if that is soon. */
  @Override
  public void close() {
    next = Instant.MAX;
    background.shutdown();
    try {
      if (!background.awaitTermination(LONGEST_CLOSE.toSeconds(), TimeUnit.SECONDS)) {
        background.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
