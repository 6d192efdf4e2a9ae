package io.ecluse.source.jdbc;

import io.ecluse.source.Source;
import io.ecluse.source.SourceFixture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A MariaDB for the tests of a class, and sources that read it. */
abstract class MariaDbFixture extends SourceFixture {
  static MariaDbServer server;

  @BeforeAll
  static void start() {
    server = MariaDbServer.startOrSkip();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  Source source(JdbcSettings settings) {
    return JdbcSource.mariaDb(settings, stage());
  }

  /** Reads over three connections. */
  Source wide(String user) {
    return source(Settings.over(3, server.settings(server.url(), user, server.password())));
  }
}
