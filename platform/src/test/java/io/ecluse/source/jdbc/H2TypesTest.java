package io.ecluse.source.jdbc;

class H2TypesTest extends StandardTypesContract {
  @Override
  public JdbcDatabase database() {
    return new H2Database(folder);
  }
}
