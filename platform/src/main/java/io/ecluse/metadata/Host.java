package io.ecluse.metadata;

import io.ecluse.error.DiskFull;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What is known of the machine that the database is on, by whoever runs it there.
 *
 * @param outage why the database is away and does not come back by itself; empty as long as it runs
 *     or may come back. Asked before each connection, so it answers at once
 * @param folder where its data are, if that is on this machine
 */
public record Host(Supplier<Optional<EcluseException>> outage, Optional<Path> folder) {
  /** A server that somebody else runs. */
  public static final Host ELSEWHERE = new Host(Optional::empty, Optional.empty());

  /** What a failure for want of space means to a person. */
  EcluseException full(SQLException e) {
    return folder
        .map(f -> DiskFull.error("write to the metadata database in " + f, f, e))
        .orElseGet(
            () ->
                ErrorCode.DISK_FULL.error(
                    "Could not write to the metadata database: the disk of its server is full; make space there and run it again",
                    e));
  }
}
