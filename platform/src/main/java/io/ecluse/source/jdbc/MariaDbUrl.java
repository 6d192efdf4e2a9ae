package io.ecluse.source.jdbc;

import java.time.Duration;

/** The URL of a MariaDB or MySQL, with what keeps its driver from changing values. */
public final class MariaDbUrl {
  private MariaDbUrl() {}

  public static String of(
      String host, int port, String database, String sslMode, Duration connectTimeout) {
    return "jdbc:mariadb://%s:%d/%s?sslMode=%s&connectTimeout=%d&tinyInt1isBit=false&yearIsDateType=false"
        .formatted(host, port, database, sslMode, connectTimeout.toMillis());
  }
}
