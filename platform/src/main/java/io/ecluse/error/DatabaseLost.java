package io.ecluse.error;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Tells, of a failure that nobody expected, whether the metadata database was lost, or has no space
 * left: then whoever catches it says so, with its code, instead of "unexpected". Databases of
 * sources are not meant: what reads them says itself what happened to them.
 */
public final class DatabaseLost {
  private DatabaseLost() {}

  /** What to say; empty if it is something else. Looks at the causes too. */
  public static Optional<EcluseException> in(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof EcluseException known && known.code() != ErrorCode.INTERNAL) {
        return Optional.empty(); // somebody knew better
      }
      if (t instanceof SQLException sql && DiskFull.SQL_STATE.equals(sql.getSQLState())) {
        return Optional.of(full(sql, failure));
      }
      if (t instanceof SQLException sql && isLoss(sql)) {
        return Optional.of(
            ErrorCode.DATABASE_UNREACHABLE.error(
                "The metadata database does not answer; try again when it runs", failure));
      }
    }
    return Optional.empty();
  }

  /** With the words of whoever runs the database, if it left them with the exception. */
  private static EcluseException full(SQLException e, Throwable failure) {
    String told =
        Stream.concat(Stream.ofNullable(e.getCause()), Stream.of(e.getSuppressed()))
            .filter(EcluseException.class::isInstance)
            .map(Throwable::getMessage)
            .findFirst()
            .orElse(
                "The disk of the metadata database's server is full; make space there and run it again");
    return ErrorCode.DISK_FULL.error(told, failure);
  }

  /** Class 08 is a lost connection, 57P a server that stops or starts, 53300 one that is full. */
  private static boolean isLoss(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return e instanceof SQLTransientConnectionException
        || state.startsWith("08")
        || state.startsWith("57P")
        || state.equals("53300");
  }
}
