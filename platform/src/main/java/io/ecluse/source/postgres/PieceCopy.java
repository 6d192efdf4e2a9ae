package io.ecluse.source.postgres;

import io.ecluse.source.Throttle;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.postgresql.copy.CopyOut;

/**
 * The rows of a piece in binary COPY: by one statement, or, when the source is not to be slowed
 * down, by one for every few pages. A server fills all buffers on the way whenever there is room,
 * so one that is read slowly works in gulps of a megabyte, each of which its users feel; of a few
 * pages it makes no more than them. Used by one thread.
 */
final class PieceCopy {
  /** Fewer pages would cost more for the statement than for the rows. */
  private static final long LEAST_PAGES = 4;

  private final CopyManager api;
  private final PostgresTable table;
  private final Throttle throttle;
  private Optional<PostgresTable.PageRange> left;
  private final boolean inSteps;
  private boolean more = true;
  private Optional<CopyOut> running = Optional.empty();
  private boolean fresh;
  private long rows;

  PieceCopy(
      Connection connection,
      PostgresTable table,
      Optional<PostgresTable.PageRange> range,
      Throttle throttle)
      throws SQLException {
    this.api = connection.unwrap(PGConnection.class).getCopyAPI();
    this.table = table;
    this.throttle = throttle;
    this.left = range;
    this.inSteps =
        throttle.listens()
            && table.pages() > LEAST_PAGES
            && table.filter().isEmpty() // an index may know what a filter wants
            && PostgresCheck.readsPageRanges(
                connection.getMetaData().getDatabaseMajorVersion() * 10_000);
  }

  /** The next message: a row, or what stands before or after them; null at the end. */
  byte @Nullable [] read() throws SQLException {
    while (running.isPresent() || more) {
      fresh = running.isEmpty();
      if (fresh) {
        running = Optional.of(api.copyOut(table.copy(next())));
      }
      byte[] message = running.get().readFromCopy();
      if (message != null) {
        return message;
      }
      rows += running.get().getHandledRowCount();
      running = Optional.empty();
    }
    return null;
  }

  /** Whether the message just read is the first of a statement, with the header of the format. */
  boolean isHeader() {
    return fresh;
  }

  /** How many rows the server says it has sent. */
  long rows() {
    return rows;
  }

  private Optional<PostgresTable.PageRange> next() {
    if (!inSteps) {
      more = false;
      return left;
    }
    long from = left.map(PostgresTable.PageRange::from).orElse(0L);
    Optional<Long> end = left.flatMap(PostgresTable.PageRange::to);
    long to = from + Math.max(LEAST_PAGES, throttle.breath() / PostgresTable.PAGE_BYTES);
    if (to >= end.orElse(table.pages())) {
      more = false;
      return Optional.of(new PostgresTable.PageRange(from, end));
    }
    left = Optional.of(new PostgresTable.PageRange(to, end));
    return Optional.of(new PostgresTable.PageRange(from, Optional.of(to)));
  }
}
