package io.ecluse.source.jdbc;

import io.ecluse.source.Source;
import java.sql.SQLException;
import java.util.Locale;
import java.util.UUID;

class HsqldbSourceTest extends JdbcContract {
  private final String database = "school" + UUID.randomUUID();

  @Override
  public JdbcDatabase database() {
    return this;
  }

  @Override
  public String url() {
    return "jdbc:hsqldb:mem:" + database;
  }

  @Override
  public String user() {
    return "SA";
  }

  @Override
  public String password() {
    return "the-password";
  }

  @Override
  public String clean() {
    return "DROP SCHEMA PUBLIC CASCADE";
  }

  @Override
  protected String name(String stream) {
    return stream.toUpperCase(Locale.ROOT);
  }

  @Override
  OddValue oddValue() {
    return new OddValue("TIMESTAMP(9)", "'2026-01-01 10:00:00.123456789'", "'2026-01-01 10:00:00'");
  }

  @Override
  protected Source unreachable() {
    return at("jdbc:hsqldb:hsql://127.0.0.1:1/school", password());
  }

  @Override
  protected Source refused() throws SQLException {
    execute("VALUES (1)");
    return at(url(), "not-the-password");
  }
}
