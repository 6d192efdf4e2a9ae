package io.ecluse.demo;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.postgres.PostgresServer;
import io.ecluse.postgres.PostgresSettings;
import io.ecluse.postgres.Upgrading;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A production system to play with: a PostgreSQL server of its own under the project's {@code
 * .ecluse/demo-erp}, with a school's ERP in it. The platform reads it as any other source, as a
 * user who may only read; that user's password is the project's secret {@code erp_password}.
 *
 * <p>The server stops when the last process that opened it closes it. {@link #close()} may be
 * called twice.
 */
public final class DemoErp implements AutoCloseable {
  /** The database that holds the ERP. */
  public static final String DATABASE = "erp";

  /** Who reads it. */
  public static final String READER = "ecluse_reader";

  /** The secret that holds the reader's password. */
  public static final String SECRET = "erp_password";

  private final PostgresServer server;
  private final Optional<ErpImportReport> importReport;

  private DemoErp(PostgresServer server, Optional<ErpImportReport> importReport) {
    this.server = server;
    this.importReport = importReport;
  }

  /**
   * Opens the server of the project's folder, making it first if need be, and fills it unless it is
   * filled already. A fill that was killed half-way starts again from nothing.
   *
   * @throws EcluseException CONFLICT if it holds other data than asked for; NOT_FOUND, and nothing
   *     made, if there are no files to fill it from
   */
  public static DemoErp start(Path projectFolder, ErpFill fill, FillListener listener) {
    fill.requirePresent();
    return open(
        projectFolder,
        server -> new ErpFilling(() -> server.connect(DATABASE), fill, listener).ensureFilled());
  }

  /** Opens the server if the project has one, whatever is in it. */
  public static Optional<DemoErp> startIfPresent(Path projectFolder) {
    return isPresent(projectFolder)
        ? Optional.of(open(projectFolder, server -> Optional.empty()))
        : Optional.empty();
  }

  /**
   * Fills a database of somebody else's server, unless it is filled already, and lets the reader
   * read it.
   *
   * @param password the reader's
   * @return what became of CSV files, if it was filled from some just now
   * @throws EcluseException as {@link #start}; SOURCE_UNREACHABLE if nobody answers there
   */
  public static Optional<ErpImportReport> fill(
      ErpConnections erp, String password, ErpFill fill, FillListener listener) {
    fill.requirePresent();
    try {
      Optional<ErpImportReport> report = new ErpFilling(erp, fill, listener).ensureFilled();
      try (Connection connection = erp.open()) {
        ErpReader.admit(connection, READER, password);
      }
      return report;
    } catch (SQLException e) {
      throw ErrorCode.SOURCE_UNREACHABLE.error(
          "The ERP's database could not be filled: " + e.getMessage(), e);
    }
  }

  /** Makes sure that the ERP is filled. */
  private interface Filling {
    Optional<ErpImportReport> of(PostgresServer server) throws SQLException;
  }

  private static DemoErp open(Path projectFolder, Filling filling) {
    PostgresServer server = server(projectFolder);
    try {
      server.ensureDatabase(DATABASE);
      Optional<ErpImportReport> report = filling.of(server);
      admitReader(server, projectFolder);
      return new DemoErp(server, report);
    } catch (SQLException e) {
      server.close();
      throw failed(e);
    } catch (RuntimeException | Error e) {
      server.close();
      throw e;
    }
  }

  /** Whether the project has a demo ERP, running or not. */
  public static boolean isPresent(Path projectFolder) {
    return Files.isDirectory(serverFolder(projectFolder));
  }

  /** The same each time the server of a folder is opened. */
  public int port() {
    return server.port();
  }

  /** What became of CSV files, if this start filled the ERP from some. */
  public Optional<ErpImportReport> importReport() {
    return importReport;
  }

  /** A connection that may change the ERP, to play production. The caller closes it. */
  public Connection connect() throws SQLException {
    return server.connect(DATABASE);
  }

  @Override
  public void close() {
    server.close();
  }

  private static PostgresServer server(Path projectFolder) {
    return PostgresServer.open(
        new PostgresSettings(
            serverFolder(projectFolder),
            Upgrading.of(DATABASE, new ErpCarrier(), System.getenv())));
  }

  private static Path serverFolder(Path projectFolder) {
    return projectFolder.resolve(".ecluse").resolve("demo-erp");
  }

  private static void admitReader(PostgresServer server, Path projectFolder) throws SQLException {
    String password =
        new SecretFile(projectFolder.resolve(".ecluse").resolve("secrets").resolve(SECRET))
            .readOrMake();
    try (Connection connection = server.connect(DATABASE)) {
      ErpReader.admit(connection, READER, password);
    }
  }

  private static EcluseException failed(SQLException e) {
    return ErrorCode.INTERNAL.error("The demo ERP could not be filled: " + e.getMessage(), e);
  }
}
