package io.ecluse.query;

import io.ecluse.engine.RowReader;
import io.ecluse.engine.Rows;
import io.ecluse.error.EcluseException;
import io.ecluse.error.EcluseException.Position;
import io.ecluse.error.ErrorCode;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A process that runs one query at a time, seen from here. One thread calls; {@link #cancel()} may
 * be called by any: what has not ended half a second later is killed.
 */
final class WorkerProcess implements AutoCloseable {
  private static final long GRACE_MILLIS = 500;

  /** Longer than anything that is sent: the tree of a statement. */
  private static final int LONGEST = 2 * WorkerMain.MOST_ROW_BYTES;

  private static final List<WorkerMain.Answer> ANSWERS = List.of(WorkerMain.Answer.values());

  private final Process process;
  private final Path folder;
  private final ScheduledExecutorService timer;
  private final OutputStream out;
  private final WireReader in;
  private final long mostBytes;
  private volatile long calls;
  private volatile State state = State.IDLE;
  private volatile boolean cancelled;

  private enum State {
    IDLE,
    BUSY,
    BROKEN
  }

  /**
   * @param folder of its own, removed with it
   * @param mostBytes what it may take, for messages
   */
  WorkerProcess(Process process, Path folder, long mostBytes, ScheduledExecutorService timer) {
    this.timer = timer;
    this.process = process;
    this.folder = folder;
    this.mostBytes = mostBytes;
    this.out = process.getOutputStream();
    this.in =
        new WireReader(
            new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16)),
            LONGEST);
  }

  boolean isUsable() {
    return state == State.IDLE && process.isAlive();
  }

  /** Whether somebody waits for what it could do next. */
  boolean isWanted() {
    return isUsable() && !cancelled;
  }

  /** What it has in memory now; 0 where the system does not say. */
  long residentBytes() {
    try {
      String statm = Files.readString(Path.of("/proc/" + process.pid() + "/statm"));
      return Long.parseLong(statm.split(" ", 3)[1]) * 4096;
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }

  /** What the parser says of a text. */
  String parse(String sql) {
    return call(WorkerRequest.parse(sql), this::text);
  }

  /** The one file that it may write. */
  Path output() {
    return folder.resolve(WorkerMain.OUTPUT);
  }

  /** Runs what writes {@link #output}, which becomes the target; returns the rows written. */
  long write(WorkerRequest request, Target target) {
    target.writtenAt(output());
    try {
      long rows = call(request, () -> rows(new Rows(0)));
      Files.move(output(), target.file(), StandardCopyOption.REPLACE_EXISTING);
      return rows;
    } catch (IOException e) {
      throw ErrorCode.INTERNAL.error("The result could not be kept: " + e.getMessage(), e);
    } finally {
      target.whole();
      SpillFolder.delete(output());
    }
  }

  /** Runs a query and hands its rows on; returns how many came. */
  long rows(WorkerRequest request, RowReader reader) {
    return call(request, () -> rows(reader));
  }

  /** Runs a query and hands its rows on as a stream of Arrow's; returns how many came. */
  long arrow(WorkerRequest request, OutputStream to) {
    return call(request, () -> pieces(to));
  }

  private long pieces(OutputStream to) throws IOException {
    while (next() != WorkerMain.Answer.END) {
      byte[] piece = in.block();
      try {
        to.write(piece);
      } catch (IOException e) {
        throw new UncheckedIOException(e); // the reader's, not the worker's
      }
    }
    return in.longNumber();
  }

  private interface Answer<T> {
    T read() throws IOException;
  }

  private <T> T call(WorkerRequest request, Answer<T> answer) {
    begin();
    try {
      send(request);
      T value = answer.read();
      state = state == State.BROKEN ? State.BROKEN : State.IDLE;
      return value;
    } catch (IOException e) {
      state = State.BROKEN;
      throw ended(e);
    } catch (Failed e) {
      state = State.IDLE;
      throw e.error;
    } catch (RuntimeException e) {
      state = State.BROKEN; // the reader of the rows failed, and what else comes is unread
      throw e;
    }
  }

  private synchronized void begin() {
    calls++;
    state = State.BUSY;
    if (cancelled) {
      state = State.IDLE;
      throw ErrorCode.CANCELLED.error("The query was cancelled");
    }
  }

  /** The next caller's. */
  synchronized void reset() {
    cancelled = false;
  }

  private synchronized void send(WorkerRequest request) throws IOException {
    WireWriter writer = new WireWriter(Integer.MAX_VALUE - 8);
    request.write(writer);
    writer.sendTo(out);
  }

  /** What the worker said went wrong, in contrast to what goes wrong here. */
  private static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final EcluseException error;

    private Failed(EcluseException error) {
      super(error);
      this.error = error;
    }
  }

  private WorkerMain.Answer next() throws IOException {
    int kind = in.first();
    if (kind >= ANSWERS.size()) {
      throw new IOException("The answer is none"); // Java says its last words there
    }
    WorkerMain.Answer answer = ANSWERS.get(kind);
    if (answer == WorkerMain.Answer.ERROR) {
      ErrorCode code = ErrorCode.valueOf(in.text());
      String message = in.text();
      Position position = new Position(in.number(), in.number());
      throw new Failed(
          position.line() == 0
              ? code.error(message)
              : new EcluseException(code, message, position));
    }
    return answer;
  }

  private String text() throws IOException {
    next();
    return in.text();
  }

  private long rows(RowReader reader) throws IOException {
    int columns = 0;
    boolean wanted = true;
    try {
      while (true) {
        WorkerMain.Answer answer = next();
        if (answer == WorkerMain.Answer.END) {
          return in.longNumber();
        } else if (answer == WorkerMain.Answer.COLUMNS) {
          List<String> names = in.texts();
          columns = names.size();
          reader.columns(names, in.texts());
        } else {
          Object[] row = new Object[columns];
          for (int i = 0; i < columns; i++) {
            row[i] = in.value();
          }
          if (wanted && !reader.row(row)) {
            wanted = false;
            stop();
          }
        }
      }
    } catch (Failed e) {
      if (!wanted && e.error.code() == ErrorCode.CANCELLED) {
        return 0;
      }
      throw e;
    } catch (IOException e) {
      if (!wanted) {
        state = State.BROKEN; // it was killed while it ended
        return 0;
      }
      throw e;
    }
  }

  private EcluseException ended(IOException e) {
    if (cancelled) {
      return ErrorCode.CANCELLED.error("The query was cancelled", e);
    }
    String exit = "at once";
    try {
      if (process.waitFor(1, TimeUnit.SECONDS)) {
        exit = "with " + process.exitValue();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
    return ErrorCode.OUT_OF_MEMORY.error(
        "The process of the query ended (%s), most likely because it needed more than the %d MB that it may have (a part of query.memory_limit in ecluse.yaml); select fewer columns or rows, shorter values, or raise the limit"
            .formatted(exit, mostBytes >> 20),
        e);
  }

  /** Ends what runs, within half a second. */
  void cancel() {
    synchronized (this) {
      cancelled = true;
    }
    stop();
  }

  private void stop() {
    long call = calls;
    try {
      timer.schedule(() -> kill(call), GRACE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      process.destroyForcibly(); // the platform stops
    }
    ask(call);
  }

  private void kill(long call) {
    if (calls == call && state == State.BUSY) {
      process.destroyForcibly();
    }
  }

  /** Under the lock, so that it never reaches the next query. */
  private synchronized void ask(long call) {
    try {
      if (calls == call && state == State.BUSY) {
        send(WorkerRequest.cancel());
      }
    } catch (IOException e) {
      process.destroyForcibly();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    SpillFolder.delete(folder);
  }
}
