package io.ecluse.source.postgres;

import io.ecluse.project.Shape.Fields;
import io.ecluse.project.SourceKeys;
import io.ecluse.source.DatabaseKeys;
import io.ecluse.source.Declared;
import io.ecluse.source.Source;
import io.ecluse.source.SourceInspection;
import io.ecluse.source.SourceNaming;
import io.ecluse.source.SourceTools;
import io.ecluse.source.SourceType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** PostgreSQL, 10 and later. */
public final class PostgresType implements SourceType {
  @Override
  public String name() {
    return "postgres";
  }

  @Override
  public Source open(Declared source, SourceTools tools) {
    return new PostgresSource(PostgresSourceSettings.of(source), tools.stage());
  }

  @Override
  public SourceInspection inspection(Declared source, SourceTools tools, Path scratch) {
    return new PostgresInspection(PostgresSourceSettings.of(source));
  }

  @Override
  public boolean leavesRowsOut() {
    return true;
  }

  @Override
  public Optional<SourceNaming> naming() {
    return Optional.of(
        SourceNaming.server(
            List.of("postgres", "postgresql", "jdbc:postgres", "jdbc:postgresql"),
            Map.of(
                "port",
                String.valueOf(PostgresSourceSettings.PORT),
                "schema",
                PostgresSourceSettings.SCHEMA)));
  }

  @Override
  public Fields shape() {
    return SourceKeys.file(
        "a source",
        name(),
        """
        connection!: {a connection}  How to connect. Values may hold ${env:NAME} and ${secret:NAME}.
        """
            + DatabaseKeys.SERVER.formatted(PostgresSourceSettings.PORT)
            + """
              sslmode: disable|allow|prefer|require|verify-ca|verify-full  Whether to encrypt, and whom to trust; prefer unless said.
              sslrootcert: template  File of the certificates to trust.
            schema: stream  The schema that holds the streams; public unless said.
            streams: map stream @table  Tables to read; all of the schema unless said.
            """
            + SourceKeys.DRIFT
            + """
            extract: {extract}  How gently to read.
              connections: 1..64  Connections at once; 4 unless said.
            """
            + DatabaseKeys.STATEMENT_TIMEOUT
            + """
              lock_timeout: duration  How long to wait for a lock; 10s unless said.
            """
            + DatabaseKeys.CONNECT_TIMEOUT
            + SourceKeys.LIMITS
            + """
              snapshot_life: duration  How long one snapshot of the source may be held; then big tables are read on range by range as of later moments. 30m unless said.
            """
            + SourceKeys.COMPARE
            + """
              row_security: refuse|apply  What to do about row-level policies that may hide rows from the user: read nothing and say so (refuse, the default), or take the rows that they show for all there is (apply).
            """
            + SourceKeys.HOURS,
        Map.of("table", SourceKeys.table()));
  }
}
