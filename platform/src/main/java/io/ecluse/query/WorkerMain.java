package io.ecluse.query;

import io.ecluse.duckdb.ArrowRows;
import io.ecluse.duckdb.DuckDbSession;
import io.ecluse.duckdb.RowValues;
import io.ecluse.duckdb.WorkerDatabases;
import io.ecluse.engine.EngineSettings;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The process that runs people's queries, one after the other. It takes requests from its standard
 * input and answers on its standard output; it ends when its input does, so with whoever started
 * it. It knows no secret and no database but its own.
 */
final class WorkerMain {
  /** The longest row that is handed on. */
  static final int MOST_ROW_BYTES = 16 << 20;

  /** The one file that it writes, in its folder. */
  static final String OUTPUT = "output";

  private static final int FLUSHED = 1 << 15;
  private static final long STACK = 16L << 20;

  private final EngineSettings settings;
  private final String output;
  private final BlockingQueue<WorkerRequest> requests = new LinkedBlockingQueue<>();
  private final OutputStream out = new FileOutputStream(FileDescriptor.out);
  private final WireWriter answer = new WireWriter(MOST_ROW_BYTES + 2 * FLUSHED);
  private volatile Optional<DuckDbSession> running = Optional.empty();

  private WorkerMain(EngineSettings settings, String output) {
    this.settings = settings;
    this.output = output;
  }

  /** What an answer is. */
  enum Answer {
    TEXT,
    COLUMNS,
    ROW,
    /** A piece of a stream of Arrow's. */
    PIECE,
    END,
    ERROR
  }

  /**
   * Serves until its input ends.
   *
   * @param arguments bytes of memory, threads, the folder for what does not fit, bytes of that, the
   *     file that it may write
   */
  public static void main(String[] arguments) {
    System.setOut(System.err);
    WorkerMain worker =
        new WorkerMain(
            new EngineSettings(
                Long.parseLong(arguments[0]),
                Integer.parseInt(arguments[1]),
                Path.of(arguments[2]),
                Long.parseLong(arguments[3]),
                List.of(),
                EngineSettings.Values.SHOWN),
            arguments[4]);
    new Thread(null, worker::serve, "queries", STACK).start();
    worker.listen();
  }

  private void listen() {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in)))) {
      WireReader reader = new WireReader(in, Integer.MAX_VALUE - 8);
      while (true) {
        WorkerRequest request = WorkerRequest.read(reader);
        if (request.step() == WorkerRequest.Step.CANCEL) {
          cancel();
        } else {
          requests.add(request);
        }
      }
    } catch (IOException e) {
      Runtime.getRuntime().halt(0); // whoever asked has gone, whatever runs
    }
  }

  /** A failure here must not keep what comes next unheard; what does not end is killed anyway. */
  private void cancel() {
    try {
      running.ifPresent(DuckDbSession::cancel);
    } catch (RuntimeException e) {
      System.err.println(e);
    }
  }

  private void serve() {
    try (WorkerDatabases databases = new WorkerDatabases(settings, output)) {
      while (true) {
        WorkerRequest request = requests.take();
        if (request.step() == WorkerRequest.Step.PARSE) {
          parse(databases, request);
        } else {
          run(databases, request);
        }
      }
    } catch (IOException | InterruptedException e) {
      System.err.println(e);
      Runtime.getRuntime().halt(1);
    } catch (OutOfMemoryError e) {
      Runtime.getRuntime().halt(3);
    }
  }

  private void parse(WorkerDatabases databases, WorkerRequest request) throws IOException {
    try {
      answer(Answer.TEXT).text(databases.any().ask(request.sql()));
    } catch (EcluseException e) {
      answer.clear();
      error(e);
    } catch (WireWriter.TooLarge e) {
      answer.clear();
      error(
          ErrorCode.SQL_INVALID.error(
              "The query is too long; put its values into a table, or ask in parts"));
    }
    send();
  }

  private void run(WorkerDatabases databases, WorkerRequest request) throws IOException {
    try (DuckDbSession session = databases.session(request.files())) {
      running = Optional.of(session);
      session.bind(request.tables());
      if (request.step() == WorkerRequest.Step.WRITE) {
        long rows = session.execute(request.sql(), request.linesBefore());
        answer(Answer.END).longNumber(rows);
      } else {
        session.query(
            request.sql(),
            request.linesBefore(),
            rows ->
                request.step() == WorkerRequest.Step.ARROW
                    ? arrow(rows, session)
                    : rows(rows, session, request));
      }
    } catch (EcluseException e) {
      answer.clear();
      error(e);
    } catch (WireWriter.TooLarge e) {
      answer.clear();
      error(tooLarge());
    } finally {
      running = Optional.empty();
    }
    send();
  }

  private long rows(ResultSet rows, DuckDbSession session, WorkerRequest request)
      throws SQLException {
    RowValues values = new RowValues(rows);
    answer(Answer.COLUMNS).texts(values.names()).texts(values.types());
    long sent = 0;
    long count = 0;
    while (sent < request.mostBytes() && rows.next()) {
      if (session.isCancelled()) {
        throw ErrorCode.CANCELLED.error("The query was cancelled");
      }
      int before = answer.size();
      answer(Answer.ROW);
      for (Object value : values.current()) {
        answer.value(value);
      }
      int size = answer.size() - before;
      if (size > MOST_ROW_BYTES) {
        throw new WireWriter.TooLarge();
      }
      sent += size;
      count++;
      if (answer.size() > FLUSHED) {
        sendRows();
      }
    }
    answer(Answer.END).longNumber(count);
    return count;
  }

  private long arrow(ResultSet rows, DuckDbSession session) throws SQLException {
    long count = ArrowRows.write(rows, new Pieces(), session::isCancelled);
    answer(Answer.END).longNumber(count);
    return count;
  }

  /** Hands on what is written to it, in pieces. */
  private final class Pieces extends OutputStream {
    @Override
    public void write(int one) {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      for (int done = 0; done < length; done += FLUSHED) {
        answer(Answer.PIECE).block(bytes, from + done, Math.min(FLUSHED, length - done));
        if (answer.size() > FLUSHED) {
          sendRows();
        }
      }
    }
  }

  private void sendRows() {
    try {
      send();
    } catch (IOException e) {
      Runtime.getRuntime().halt(0); // nobody reads any more
    }
  }

  private WireWriter answer(Answer kind) {
    return answer.oneByte(kind.ordinal());
  }

  private void error(EcluseException e) {
    answer(Answer.ERROR).text(e.code().name()).text(String.valueOf(e.getMessage()));
    answer.number(e.position().map(EcluseException.Position::line).orElse(0));
    answer.number(e.position().map(EcluseException.Position::column).orElse(0));
  }

  private static EcluseException tooLarge() {
    return ErrorCode.RESULT_TOO_LARGE.error(
        "A row of the result is longer than %d MB, the most that is handed on; select fewer columns, or a part of the value"
            .formatted(MOST_ROW_BYTES >> 20));
  }

  private void send() throws IOException {
    answer.sendTo(out);
  }
}
