package io.ecluse.source;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.Increment;
import io.ecluse.staging.Origin;
import io.ecluse.staging.Part;
import io.ecluse.staging.StagedColumn;
import io.ecluse.staging.StagingArea;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * One extract on its way into staging, whatever it is read from. Its parts are written as rows
 * come; its batches come to exist together, with {@link #commit}, or not at all. Memory holds one
 * batch of rows for each reader, a few megabytes, however many there are.
 *
 * <p>Used by one thread; what {@link Going} has, and {@link Stream#write}, by several.
 */
public final class Landing implements AutoCloseable {
  /**
   * Who reads.
   *
   * @param source name of the source
   * @param extractor name and version of the way it is read
   * @param maxRejected how many rows of a stream may be left out because they cannot land; empty
   *     where the project has no word on it, and there are none
   */
  public record By(String source, String extractor, OptionalLong maxRejected) {
    public By(String source, String extractor) {
      this(source, extractor, OptionalLong.empty());
    }
  }

  /** What an extract works with. */
  public record Stage(StagingArea staging, PartEncoder encoder, Clock clock) {}

  private final By by;
  private final ExtractRequest request;
  private final ExtractListener listener;
  private final Stage stage;
  private final Going going;
  private final List<Stream> streams = new ArrayList<>();
  private final BufferAllocator allocator = new RootAllocator();

  public Landing(By by, ExtractRequest request, ExtractListener listener, Stage stage) {
    this.by = by;
    this.request = request;
    this.listener = listener;
    this.stage = stage;
    this.going = new Going(by.source(), listener);
  }

  /** Begins to hear of a cancellation; to be called first. */
  public void open() {
    going.open();
  }

  /** Whether it is still wanted, and how far it is. */
  public Going going() {
    return going;
  }

  /**
   * Makes sure that the extract is still wanted.
   *
   * @throws EcluseException CANCELLED when it is not; what a reader failed with if one has
   */
  public void check() {
    going.check();
  }

  /** The name of the source. */
  public String source() {
    return by.source();
  }

  /** Makes the folder for a stream's parts, after removing what broken extracts left beside it. */
  public Path folder(String name) {
    listener.inPlace(
        () -> {
          if (stage.staging().discardUnfinished(by.source(), name, request.extractId())) {
            listener.log(
                "%s: an attempt before this one was cut off; what it had read is of another moment and is read anew"
                    .formatted(name));
          }
        });
    return stage.staging().begin(by.source(), name, request.extractId());
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
    List<String> names = new ArrayList<>(List.of(name));
    streams.forEach(s -> names.add(names.size() - 1, s.name));
    AlikeNames.requireNoStreams(by.source(), names);
    Stream stream = new Stream(name, columns, folder(name), continuation);
    streams.add(stream);
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
    for (BatchManifest batch : manifests) {
      if (batch.rejected().rows() > 0) {
        listener.log(
            "%d rows of %s were rejected, the first: %s"
                .formatted(
                    batch.rejected().rows(), batch.stream(), batch.rejected().examples().get(0)));
      }
    }
    listener.log(
        manifests.stream()
            .map(m -> m.stream() + " " + m.rows() + (m.isWhole() ? "" : " new or changed"))
            .collect(Collectors.joining(", ", "Staged, equal to the source's counts: ", "")));
    return manifests;
  }

  @Override
  public void close() {
    allocator.close();
  }

  /** A stream of the extract. */
  public final class Stream {
    private static final String ROWS = "part";

    private final String name;
    private final List<StagedColumn> columns;
    private final Path folder;
    private final Continuation continuation;
    private final String prefix;
    private final Rejections rejections;
    private final List<Part> parts = new ArrayList<>();
    private final AtomicInteger begun = new AtomicInteger();
    private Instant started = stage.clock().instant();
    private Instant ended = started;
    private Optional<Stream> keys = Optional.empty();
    private Optional<Stream> changes = Optional.empty();
    private Optional<String> later = Optional.empty();
    private boolean several;
    private long landed;
    private int ranges;
    private int left;

    private Stream(
        String name, List<StagedColumn> columns, Path folder, Continuation continuation) {
      this.name = name;
      this.columns = List.copyOf(columns);
      this.folder = folder;
      this.continuation = continuation;
      this.prefix = ROWS;
      this.rejections =
          new Rejections(by.source(), name, continuation.primaryKey(), by.maxRejected());
    }

    private Stream(Stream of, List<StagedColumn> columns, String prefix) {
      this.name = of.name;
      this.columns = List.copyOf(columns);
      this.folder = of.folder;
      this.continuation = Continuation.NONE;
      this.prefix = prefix;
      this.rejections = of.rejections;
    }

    private boolean hasRows() {
      return prefix.equals(ROWS);
    }

    /** The columns as they land. */
    public List<Column> columns() {
      return columns.stream().map(StagedColumn::column).toList();
    }

    /** Begins the keys of every row that the source has, by which deleted rows are found. */
    public Stream keys(List<StagedColumn> key) {
      Stream all = new Stream(this, key, "keys");
      keys = Optional.of(all);
      return all;
    }

    /**
     * Begins the rows that changed while others were read, each in the place of those of the same
     * key: not all was read in one moment.
     */
    public Stream changes() {
      Stream changed = new Stream(this, columns, "changes");
      changes = Optional.of(changed);
      return changed;
    }

    /** The file for the next part. */
    public Path nextPart() {
      return part(parts.size());
    }

    private Path part(int number) {
      return folder.resolve(stage.staging().format().file(prefix, number));
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
      ended = stage.clock().instant();
      going.progressed(part.rows());
    }

    /** Says in how many ranges it is read, each by one {@link #write}: all of them have to land. */
    public void expectRanges(int count) {
      ranges = count;
      left = count;
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
     * The same, no faster than the source can bear. All of the reader's rows that can land do, or,
     * when it fails, none. Returns how many were read, those that cannot land among them.
     */
    public long write(RowReader reader, long rowBytes, Throttle throttle) {
      return write(new RowBatches.Rows(name, columns(), reader, rowBytes), throttle);
    }

    /** The same for what makes batches of rows by itself. */
    public long write(PartSource source, Throttle throttle) {
      begin();
      Rejections rejected = rejections.ofRange();
      Going.Tally tally = going.tally(hasRows() ? Going.Counts.ROWS : Going.Counts.NOTHING);
      PartWriter writer =
          new PartWriter(
              by.source() + "." + name,
              columns(),
              source,
              new Batches.Into(
                  allocator, rejected, tally, new Throttle.Pace(throttle, going::isOver)),
              stage);
      List<Part> written = new ArrayList<>();
      try {
        while (writer.hasMore()) {
          written.add(writer.write(part(begun.getAndIncrement())));
        }
        rejections.include(rejected);
      } catch (RuntimeException e) {
        discard(written);
        tally.takeBack();
        throw e;
      }
      return end(written) + rejected.rows();
    }

    private synchronized void begin() {
      started = parts.isEmpty() && left == ranges ? stage.clock().instant() : started;
    }

    private synchronized long end(List<Part> written) {
      long count = written.stream().mapToLong(Part::rows).sum();
      parts.addAll(written);
      landed += count;
      left--;
      ended = stage.clock().instant();
      return count;
    }

    private void discard(List<Part> some) {
      some.forEach(part -> stage.staging().discard(folder.resolve(part.file())));
    }

    /** Forgets all that has landed of it, to be read from its beginning. */
    public synchronized void restart() {
      discard(parts);
      going.takeBack(hasRows() ? landed : 0);
      parts.clear();
      rejections.clear();
      landed = 0;
      left = ranges;
    }

    /**
     * Notes that not all of it was read at the extract's moment.
     *
     * @param why for people, without data of a row
     */
    public void late(String why) {
      later = Optional.of(why);
    }

    /** Notes that its ranges are of several moments; what was there throughout is there once. */
    public void severalMoments() {
      several = true;
    }

    /**
     * Compares what has landed, and what could not, with the source's own count.
     *
     * @throws EcluseException SOURCE_CHANGED
     */
    public void reconcile(long counted) {
      long read = landed + (hasRows() ? rejections.rows() : 0);
      if (read != counted) {
        throw ErrorCode.SOURCE_CHANGED.error(
            "Source %s: %d rows of %s were read, but it counts %d; it changed meanwhile, so nothing of this extract is kept"
                .formatted(by.source(), read, name, counted));
      }
    }

    private List<Part> complete() {
      if (ranges > 0 && left != 0) {
        throw ErrorCode.INTERNAL.error(
            "%s: %d of its %d ranges were read; nothing of this extract is kept"
                .formatted(name, ranges - left, ranges));
      }
      return parts.stream().sorted(Comparator.comparing(Part::file)).toList();
    }

    private BatchManifest manifest(String position) {
      return new BatchManifest(
          by.source(),
          name,
          request.extractId(),
          request.runId(),
          position + later.map(why -> "; " + why).orElse(""),
          columns,
          complete(),
          started,
          stage.staging().end(by.source(), name, ended),
          by.extractor(),
          continuation.primaryKey(),
          rejections.rejected(),
          later.isPresent()
              ? continuation.increment().map(Increment::uncounted) // it was of another moment
              : continuation.increment(),
          keys.map(k -> new Increment.Keys(k.complete())),
          changes
              .map(Stream::complete)
              .or(() -> several ? Optional.of(List.of()) : Optional.empty()));
    }
  }
}
