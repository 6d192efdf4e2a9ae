package io.ecluse.source;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.Increment;
import io.ecluse.staging.Origin;
import io.ecluse.staging.Part;
import io.ecluse.staging.Rejected;
import io.ecluse.staging.StagedColumn;
import io.ecluse.staging.StagingArea;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * One extract on its way into staging. Its parts are written as rows come; its batches come to
 * exist together, with {@link #commit}, or not at all. Memory holds one batch of rows, a few
 * megabytes, however many there are.
 *
 * <p>Used by one thread, {@link Stream#write} aside; the cancellation comes from others.
 */
public final class Landing implements AutoCloseable {
  /**
   * Who reads.
   *
   * @param source name of the source
   * @param extractor name and version of the way it is read
   */
  public record By(String source, String extractor) {}

  /** What an extract works with. */
  public record Stage(StagingArea staging, PartEncoder encoder, Clock clock) {}

  private final By by;
  private final ExtractRequest request;
  private final ExtractListener listener;
  private final Stage stage;
  private final List<Stream> streams = new ArrayList<>();
  private final BufferAllocator allocator = new RootAllocator();
  private volatile boolean cancelled;
  private volatile Optional<Runnable> onCancel = Optional.empty();
  private long rows;
  private long expected;

  public Landing(By by, ExtractRequest request, ExtractListener listener, Stage stage) {
    this.by = by;
    this.request = request;
    this.listener = listener;
    this.stage = stage;
  }

  /** Begins to hear of a cancellation; to be called first. */
  public void open() {
    listener.onCancel(this::cancel);
  }

  private void cancel() {
    cancelled = true;
    onCancel.ifPresent(Runnable::run);
  }

  /** What ends the work that is under way, from another thread; done at once if it is too late. */
  public void whenCancelled(Runnable action) {
    onCancel = Optional.of(action);
    if (cancelled) {
      action.run();
    }
  }

  /**
   * Makes sure that the extract is still wanted.
   *
   * @throws EcluseException CANCELLED, when the extract is no longer wanted
   */
  public void check() {
    if (cancelled) {
      throw new EcluseException(ErrorCode.CANCELLED, "The extract was cancelled");
    }
  }

  public boolean isCancelled() {
    return cancelled;
  }

  /** Adds to the rows that there will be in all. */
  public void expect(long more) {
    expected += more;
  }

  /** Says that so many more are on their way. */
  public void await(long more) {
    expect(more);
    progressed(0);
  }

  /** The name of the source. */
  public String source() {
    return by.source();
  }

  /** Makes the folder for a stream's parts, after removing what broken extracts left beside it. */
  public Path folder(String name) {
    listener.inPlace(
        () -> stage.staging().discardUnfinished(by.source(), name, request.extractId()));
    return stage.staging().begin(by.source(), name, request.extractId());
  }

  /**
   * What a batch has to do with the one before.
   *
   * @param primaryKey columns that tell rows apart; empty if unknown
   * @param increment empty for a stream that is read in full
   */
  public record Continuation(List<String> primaryKey, Optional<Increment> increment) {
    public static final Continuation NONE = new Continuation(List.of(), Optional.empty());

    public Continuation {
      primaryKey = List.copyOf(primaryKey);
    }
  }

  /** Begins a stream that has nothing to do with batches before. */
  public Stream stream(String name, List<StagedColumn> columns) {
    return stream(name, columns, Continuation.NONE);
  }

  /**
   * Begins a stream.
   *
   * @throws EcluseException DATA_INVALID if two names differ only by case
   */
  public Stream stream(String name, List<StagedColumn> columns, Continuation continuation) {
    AlikeNames.requireNoColumns(by.source(), name, columns);
    Stream stream = new Stream(name, columns, folder(name), continuation, Holds.ROWS);
    streams.add(stream);
    AlikeNames.requireNoStreams(by.source(), streams.stream().map(s -> s.name).toList());
    return stream;
  }

  /**
   * Makes the batches exist, each equal to what its stream said there is; none does if another
   * extract has taken this one's place.
   *
   * @param position the source's moment, in its own words
   */
  public List<BatchManifest> commit(String position) {
    check();
    List<BatchManifest> manifests = streams.stream().map(s -> s.manifest(position)).toList();
    listener.inPlace(() -> stage.staging().commit(manifests));
    listener.log(
        manifests.stream()
            .map(m -> m.stream() + " " + m.rows())
            .collect(Collectors.joining(", ", "Staged, equal to the source's counts: ", "")));
    return manifests;
  }

  private synchronized void progressed(long more) {
    check();
    rows += more;
    listener.progress(rows, Math.max(rows, expected));
    check();
  }

  @Override
  public void close() {
    allocator.close();
  }

  private synchronized void takeBack(long less) {
    rows -= less;
  }

  /** As of how many moments the rows of a stream were read. */
  public enum Moments {
    ONE,
    /** Each range as of its own; what was there throughout is there once. */
    SEVERAL
  }

  private enum Holds {
    ROWS("part"),
    KEYS("keys");

    private final String prefix;

    Holds(String prefix) {
      this.prefix = prefix;
    }
  }

  /** A stream of the extract. */
  public final class Stream {
    private final String name;
    private final List<StagedColumn> columns;
    private final Path folder;
    private final Continuation continuation;
    private final Holds holds;
    private final Instant started = stage.clock().instant();
    private final List<Part> parts = new ArrayList<>();
    private final AtomicInteger begun = new AtomicInteger();
    private Optional<Stream> keys = Optional.empty();
    private Optional<String> later = Optional.empty();
    private boolean several;
    private long landed;

    private Stream(
        String name,
        List<StagedColumn> columns,
        Path folder,
        Continuation continuation,
        Holds holds) {
      this.holds = holds;
      this.continuation = continuation;
      this.name = name;
      this.columns = List.copyOf(columns);
      this.folder = folder;
    }

    /** The columns as they land. */
    public List<Column> columns() {
      return columns.stream().map(StagedColumn::column).toList();
    }

    /** Begins the keys of every row that the source has, by which deleted rows are found. */
    public Stream keys(List<StagedColumn> key) {
      Stream all = new Stream(name, key, folder, Continuation.NONE, Holds.KEYS);
      keys = Optional.of(all);
      return all;
    }

    /** Rows in its parts so far. */
    public long rows() {
      return landed;
    }

    /** The file for the next part. */
    public Path nextPart() {
      return part(parts.size());
    }

    private Path part(int number) {
      return folder.resolve(stage.staging().format().file(holds.prefix, number));
    }

    /** Takes a part with so many rows, which was written to {@link #nextPart()}. */
    public void add(long count, Origin origin) {
      add(stage.staging().seal(nextPart(), count).from(origin));
    }

    /** Takes a part with so many rows, which was written to {@link #nextPart()}. */
    public void add(long count) {
      add(stage.staging().seal(nextPart(), count));
    }

    /** Takes a part of an earlier batch of this stream, without reading its source again. */
    public void keep(BatchManifest earlier, Part part) {
      add(stage.staging().link(earlier, part, folder, parts.size()));
    }

    private void add(Part part) {
      parts.add(part);
      landed += part.rows();
      progressed(part.rows());
    }

    /**
     * Writes all rows of a reader. Several threads may do so at once, each with a reader of its
     * own, if nothing else adds to the stream.
     *
     * @param rowBytes about how long a row is
     */
    public void write(RowReader reader, long rowBytes) {
      write(reader, rowBytes, new Throttle(ImpactLimits.NONE));
    }

    /**
     * The same, no faster than the source can bear. All of the reader's rows land, or, when it
     * fails, none. Returns how many.
     */
    public long write(RowReader reader, long rowBytes, Throttle throttle) {
      PartWriter writer =
          new PartWriter(
              new PartWriter.Of(by.source(), name, columns()),
              reader,
              new Throttle.Pace(throttle, Landing.this::isCancelled),
              stage,
              allocator);
      List<Part> written = new ArrayList<>();
      AtomicLong told = new AtomicLong();
      LongConsumer progress =
          n -> {
            long counts = holds == Holds.ROWS ? n : 0;
            told.addAndGet(counts);
            progressed(counts);
          };
      try {
        while (writer.hasMore()) {
          written.add(writer.write(part(begun.getAndIncrement()), rowBytes, progress));
        }
      } catch (RuntimeException e) {
        written.forEach(part -> stage.staging().discard(folder.resolve(part.file())));
        takeBack(told.get());
        throw e;
      }
      long count = written.stream().mapToLong(Part::rows).sum();
      synchronized (this) {
        parts.addAll(written);
        landed += count;
      }
      return count;
    }

    /** Forgets all that has landed of it, to be read from its beginning. */
    public synchronized void restart() {
      parts.forEach(part -> stage.staging().discard(folder.resolve(part.file())));
      takeBack(holds == Holds.ROWS ? landed : 0);
      parts.clear();
      landed = 0;
    }

    /**
     * Notes that not all of it was read at the extract's moment.
     *
     * @param why for people, without data of a row
     * @param moments whether all of it is of one later moment, or its ranges are of several
     */
    public void late(String why, Moments moments) {
      later = Optional.of(why);
      several |= moments == Moments.SEVERAL;
    }

    /**
     * Compares what has landed with the source's own count.
     *
     * @throws EcluseException SOURCE_CHANGED
     */
    public void reconcile(long counted) {
      if (landed != counted) {
        throw new EcluseException(
            ErrorCode.SOURCE_CHANGED,
            "Source %s: %d rows of %s were read, but it counts %d; it changed meanwhile, so nothing of this extract is kept"
                .formatted(by.source(), landed, name, counted));
      }
    }

    private BatchManifest manifest(String position) {
      return new BatchManifest(
          by.source(),
          name,
          request.extractId(),
          request.runId(),
          position + later.map(why -> "; " + why).orElse(""),
          columns,
          landed,
          parts.stream().sorted(Comparator.comparing(Part::file)).toList(),
          started,
          stage.staging().end(by.source(), name, stage.clock().instant()),
          by.extractor(),
          continuation.primaryKey(),
          Rejected.NONE,
          later.isPresent()
              ? continuation.increment().map(Increment::uncounted) // it was of another moment
              : continuation.increment(),
          keys.map(k -> new Increment.Keys(k.parts)),
          several ? Optional.of(List.of()) : Optional.empty());
    }
  }
}
