package io.ecluse.source.jdbc;

import io.ecluse.source.Source;
import java.util.Locale;

class H2LossTest extends LossContract {
  @Override
  public JdbcDatabase database() {
    return new H2Database(folder);
  }

  @Override
  String name(String stream) {
    return stream.toUpperCase(Locale.ROOT);
  }

  @Override
  String numbers(int to) {
    return "SELECT X AS seq FROM SYSTEM_RANGE(1, " + to + ")";
  }

  @Override
  Source source(JdbcSettings settings) {
    return new JdbcSource(settings, new StandardDialect(stage().clock()), stage());
  }
}
