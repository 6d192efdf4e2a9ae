package io.ecluse.source.jdbc;

import io.ecluse.source.Source;
import io.ecluse.source.SourceFixture;

/** A MariaDB for the tests of a class, and sources that read it. */
abstract class MariaDbFixture extends SourceFixture implements OnMariaDb {
  Source source(JdbcSettings settings) {
    return new JdbcSource(settings, new MariaDbDialect(stage().clock()), stage());
  }

  /** Reads over three connections. */
  Source wide(String user) {
    return source(Settings.over(3, settings(url(), user, password())));
  }
}
