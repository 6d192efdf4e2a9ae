package io.ecluse.source.jdbc;

import io.ecluse.error.ErrorCode;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** Finds the driver and connects. */
record JdbcConnections(JdbcSettings settings, Dialect dialect, JdbcErrors errors) {
  private static final int ALIVE_WITHIN_SECONDS = 5;

  /** Longer than a statement may take, no answer comes any more. */
  private static final Duration BEYOND_STATEMENT = Duration.ofSeconds(5);

  /** A connection, and the class loader that lives as long as it. */
  record Open(Connection connection, Optional<URLClassLoader> loader) implements AutoCloseable {
    @Override
    public void close() throws SQLException {
      try (Closeable jar = loader.map(Closeable.class::cast).orElse(() -> {});
          connection) {
        if (!connection.isClosed() && !connection.getAutoCommit()) {
          connection.rollback();
        }
      } catch (IOException e) {
        throw new SQLException("Could not close the driver's jar", e);
      }
    }
  }

  /** Whether a connection still works. */
  static boolean isAlive(Connection connection) {
    try {
      return connection.isValid(ALIVE_WITHIN_SECONDS);
    } catch (SQLException e) {
      return false;
    }
  }

  Open open() {
    Optional<URLClassLoader> loader =
        settings
            .access()
            .driverJar()
            .map(jar -> new URLClassLoader(jars(jar), ClassLoader.getPlatformClassLoader()));
    try {
      return new Open(connect(loader), loader);
    } catch (SQLException | RuntimeException e) {
      close(loader);
      throw e instanceof SQLException refused ? connecting(refused) : (RuntimeException) e;
    }
  }

  private Connection connect(Optional<URLClassLoader> loader) throws SQLException {
    Properties properties = new Properties();
    Duration silence = settings.statementTimeout().plus(BEYOND_STATEMENT);
    dialect.properties(silence).forEach(properties::setProperty);
    settings.access().properties().forEach(properties::setProperty);
    Driver driver =
        loader.isPresent() ? own(loader.get()) : DriverManager.getDriver(settings.access().url());
    Connection connection = driver.connect(settings.access().url(), properties);
    if (connection == null) {
      throw noDriver();
    }
    connection.setReadOnly(true);
    hangUpAfter(silence, connection);
    return connection;
  }

  /** A server that is gone without a word would be waited for without end. */
  static void hangUpAfter(Duration silence, Connection connection) {
    try {
      connection.setNetworkTimeout(
          Runnable::run, (int) Math.min(silence.toMillis(), Integer.MAX_VALUE));
    } catch (SQLException | AbstractMethodError e) {
      // a driver that knows no such thing, as those of databases in this process
    }
  }

  private RuntimeException connecting(SQLException e) {
    return "No suitable driver".equals(e.getMessage()) ? noDriver() : errors.connecting(e);
  }

  private static void close(Optional<URLClassLoader> loader) {
    try (Closeable jar = loader.map(Closeable.class::cast).orElse(() -> {})) {
      // closed by leaving
    } catch (IOException e) {
      throw new UncheckedIOException("Could not close the driver's jar", e);
    }
  }

  private Driver own(URLClassLoader loader) throws SQLException {
    for (Driver driver : ServiceLoader.load(Driver.class, loader)) {
      if (driver.acceptsURL(settings.access().url())) {
        return driver;
      }
    }
    throw noDriver();
  }

  private RuntimeException noDriver() {
    String kind = settings.access().url().replaceFirst("^(jdbc:[A-Za-z0-9]+).*$", "$1");
    return errors.error(
        ErrorCode.INVALID_USAGE,
        "no driver %s takes URLs of %s:…; get the database's JDBC driver and name its file in connection.driver_jar"
            .formatted(
                settings.access().driverJar().map(j -> "in " + j).orElse("of the platform"), kind));
  }

  private URL[] jars(Path place) {
    try {
      List<URL> urls = new ArrayList<>();
      if (Files.isDirectory(place)) {
        try (Stream<Path> files = Files.list(place)) {
          for (Path file : files.filter(f -> f.toString().endsWith(".jar")).sorted().toList()) {
            urls.add(url(file));
          }
        }
      } else if (Files.isRegularFile(place)) {
        urls.add(url(place));
      }
      if (urls.isEmpty()) {
        throw errors.error(
            ErrorCode.NOT_FOUND,
            "there is no jar at %s; put the driver there, or correct connection.driver_jar"
                .formatted(place));
      }
      return urls.toArray(URL[]::new);
    } catch (IOException e) {
      throw errors.error(
          ErrorCode.NOT_FOUND,
          "the driver at %s cannot be read: %s".formatted(place, e.getMessage()));
    }
  }

  private static URL url(Path file) throws MalformedURLException {
    return file.toUri().toURL();
  }
}
