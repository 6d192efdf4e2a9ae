package io.ecluse.source.postgres;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.ContentSums;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.PartEncoder;
import io.ecluse.source.Terms;
import io.ecluse.source.Throttle;
import io.ecluse.staging.Part;
import io.ecluse.staging.StagingArea;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** Reads a piece of a table into a file of its batch. Safe for use by several threads. */
final class PieceReader implements AutoCloseable {
  /** What it works with. */
  record Tools(
      PostgresSourceSettings settings,
      ExtractRequest request,
      StagingArea staging,
      PartEncoder encoder,
      PostgresErrors errors,
      Throttle throttle) {}

  private record Encoded(long rows, long rejected) {}

  private final Tools tools;
  private final Batches batches;
  private final LongConsumer progress;
  private final BooleanSupplier stopped;
  private final BufferAllocator allocator = new RootAllocator();

  /** Where each table's rows are stored, as it was when its first piece was read. */
  private final Map<String, Long> storages = new ConcurrentHashMap<>();

  /**
   * @param progress hears of rows; of fewer, when a piece is read again; may end the reading
   * @param stopped whether nothing more is wanted
   */
  PieceReader(Tools tools, Batches batches, LongConsumer progress, BooleanSupplier stopped) {
    this.tools = tools;
    this.batches = batches;
    this.progress = progress;
    this.stopped = stopped;
  }

  /**
   * Reads it on a connection that sees the right moment, and adds the file to the batch. Returns
   * how many rows the source sent.
   */
  long read(Connection connection, Piece piece) throws SQLException {
    batches.started(piece.stream());
    Path file =
        tools
            .staging()
            .begin(tools.settings().name(), piece.stream(), tools.request().extractId())
            .resolve(piece.file(tools.staging().format()));
    PieceCopy copy = new PieceCopy(connection, piece, tools.throttle());
    Encoded encoded = encode(piece, copy, file);
    if (encoded.rows() + encoded.rejected() != copy.rows()) {
      throw new EcluseException(
          ErrorCode.INTERNAL,
          "%s: the server sent %d rows, but %d were written and %d rejected"
              .formatted(piece.stream(), copy.rows(), encoded.rows(), encoded.rejected()));
    }
    if (piece.range().isPresent()) {
      requireSameStorage(connection, piece);
    }
    boolean compared =
        tools.settings().ranges().compare() == Terms.Compare.CHECKSUMS && encoded.rejected() == 0;
    Optional<ContentSums> sums =
        compared ? Optional.of(equalSums(connection, piece, file)) : Optional.empty();
    Part part = tools.staging().seal(file, encoded.rows());
    batches.add(piece.kind(), piece.stream(), sums.map(part::with).orElse(part));
    return copy.rows();
  }

  /**
   * VACUUM FULL, CLUSTER and some ALTER TABLE put rows into other pages. They wait for whoever
   * reads the table, but when its reader loses the connection nobody does for a moment.
   */
  private void requireSameStorage(Connection connection, Piece piece) throws SQLException {
    long now;
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT coalesce(pg_relation_filenode(?::regclass), 0)")) {
      statement.setString(1, piece.table().quoted());
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        now = rows.getLong(1);
      }
    } catch (SQLException e) {
      throw lost(piece, e);
    }
    Long before = storages.putIfAbsent(piece.stream(), now);
    if (before != null && before != now) {
      throw tools
          .errors()
          .error(
              ErrorCode.SOURCE_CHANGED,
              "table %s was rewritten while its connection was lost (VACUUM FULL, CLUSTER, TRUNCATE or ALTER TABLE), so its pages are not those read before; nothing of this extract is kept, the next attempt reads it anew"
                  .formatted(piece.stream()),
              new SQLException("storage " + before + " became " + now));
    }
  }

  /** What the rows come to, in the source and in the file. */
  private ContentSums equalSums(Connection connection, Piece piece, Path file) throws SQLException {
    ContentSums here =
        tools
            .encoder()
            .sums(piece.table().columns().stream().map(c -> c.staged().column()).toList(), file);
    List<String> differences;
    try {
      differences =
          here.differences(PostgresSums.of(connection, piece), "in staging", "in the source");
    } catch (SQLException e) {
      throw lost(piece, e);
    }
    if (!differences.isEmpty()) {
      throw new EcluseException(
          ErrorCode.INTERNAL,
          "%s: what was staged of %s is not what the source holds: %s; nothing of this extract is kept"
              .formatted(piece.stream(), piece, String.join(", ", differences)));
    }
    return here;
  }

  private EcluseException lost(Piece piece, SQLException e) {
    return tools.errors().reading("reading table " + piece.stream(), e);
  }

  private Encoded encode(Piece piece, PieceCopy copy, Path file) throws SQLException {
    PostgresTable table = piece.table();
    Rejections rejected = batches.rejections(table.name()).ofPart();
    long told = piece.kind() == Batches.Kind.ROWS ? 1 : 0;
    try (CopyReader reader =
            new CopyReader(
                allocator,
                table.name(),
                copy,
                table.columns(),
                rejected,
                n -> progress.accept(n * told),
                new Throttle.Pace(tools.throttle(), stopped));
        ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator)) {
      try {
        long rowBytes = Math.max(table.rowBytes(), reader.firstRowBytes());
        Data.exportArrayStream(allocator, reader, stream);
        long encoded =
            tools
                .encoder()
                .encode(
                    stream,
                    table.columns().stream().map(c -> c.staged().column()).toList(),
                    rowBytes,
                    file);
        batches.rejections(table.name()).include(rejected);
        return new Encoded(encoded, reader.rejected());
      } catch (EcluseException e) {
        progress.accept(-reader.rows() * told);
        throw cause(reader, piece).orElse(e);
      } catch (IOException e) {
        throw cause(reader, piece).orElseThrow(() -> unreadable(e));
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private Optional<EcluseException> cause(CopyReader reader, Piece piece) {
    return reader.failure().or(() -> reader.lost().map(lost -> lost(piece, lost)));
  }

  private static EcluseException unreadable(IOException e) {
    return new EcluseException(ErrorCode.INTERNAL, "Could not read a batch: " + e.getMessage(), e);
  }

  @Override
  public void close() {
    allocator.close();
  }
}
