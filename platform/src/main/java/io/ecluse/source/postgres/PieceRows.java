package io.ecluse.source.postgres;

import io.ecluse.error.ErrorCode;
import io.ecluse.schema.ContentSums;
import io.ecluse.source.Batches;
import io.ecluse.source.PartSource;
import io.ecluse.source.Terms;
import io.ecluse.source.Throttle;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The rows of a piece of a table, on a connection that sees the right moment. */
record PieceRows(Connection connection, Piece piece, Tools tools, PieceCopy copy)
    implements PartSource {
  /**
   * What an extract reads with.
   *
   * @param storages where each table's rows are stored, as it was when its first piece was read
   */
  record Tools(
      PostgresSourceSettings settings,
      PostgresErrors errors,
      Throttle throttle,
      Map<String, Long> storages) {
    Tools(PostgresSourceSettings settings, PostgresErrors errors) {
      this(settings, errors, new Throttle(settings.terms().limits()), new ConcurrentHashMap<>());
    }
  }

  PieceRows(Connection connection, Piece piece, Tools tools) throws SQLException {
    this(
        connection,
        piece,
        tools,
        new PieceCopy(connection, piece.table(), piece.range(), tools.throttle()));
  }

  @Override
  public Batches next(Batches.Into into) {
    return new CopyReader(into, copy, piece, tools.errors());
  }

  @Override
  public long rowBytes() {
    return piece.table().rowBytes();
  }

  @Override
  public Optional<ContentSums> compare(Batches read, Supplier<ContentSums> written) {
    if (read.rows() + read.rejected() != copy.rows()) {
      throw ErrorCode.INTERNAL.error(
          "%s: the server sent %d rows, but %d were written and %d rejected"
              .formatted(piece.stream(), copy.rows(), read.rows(), read.rejected()));
    }
    try {
      if (piece.range().isPresent()) {
        requireSameStorage();
      }
      return tools.settings().terms().compare() == Terms.Compare.CHECKSUMS && read.rejected() == 0
          ? Optional.of(equalSums(written.get()))
          : Optional.empty();
    } catch (SQLException e) {
      throw tools.errors().reading("reading table " + piece.stream(), e);
    }
  }

  /**
   * VACUUM FULL, CLUSTER and some ALTER TABLE put rows into other pages. They wait for whoever
   * reads the table, but when its reader loses the connection nobody does for a moment.
   */
  private void requireSameStorage() throws SQLException {
    long now;
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT coalesce(pg_relation_filenode(?::regclass), 0)")) {
      statement.setString(1, piece.table().quoted());
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        now = rows.getLong(1);
      }
    }
    Long before = tools.storages().putIfAbsent(piece.stream(), now);
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
  private ContentSums equalSums(ContentSums here) throws SQLException {
    List<String> differences =
        here.differences(PostgresSums.of(connection, piece), "in staging", "in the source");
    if (!differences.isEmpty()) {
      throw ErrorCode.INTERNAL.error(
          "%s: what was staged of %s is not what the source holds: %s; nothing of this extract is kept"
              .formatted(piece.stream(), piece, String.join(", ", differences)));
    }
    return here;
  }
}
