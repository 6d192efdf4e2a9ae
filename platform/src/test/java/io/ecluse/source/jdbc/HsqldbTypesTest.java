package io.ecluse.source.jdbc;

import java.util.UUID;

class HsqldbTypesTest extends StandardTypesContract {
  private final String name = "types" + UUID.randomUUID();

  @Override
  public JdbcDatabase database() {
    return new JdbcDatabase() {
      @Override
      public String url() {
        return "jdbc:hsqldb:mem:" + name;
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
    };
  }
}
