package io.ecluse.source.jdbc;

/**
 * A database: how it is reached and asked, and what its errors say. For one extract or look: what
 * runs can be ended, and then nothing begins any more.
 */
record JdbcAccess(
    JdbcSettings settings,
    Dialect dialect,
    JdbcErrors errors,
    JdbcConnections connections,
    JdbcWork work,
    JdbcStatements statements) {
  static JdbcAccess to(JdbcSettings settings, Dialect dialect) {
    JdbcErrors errors = new JdbcErrors(settings, dialect);
    JdbcWork work = new JdbcWork();
    return new JdbcAccess(
        settings,
        dialect,
        errors,
        new JdbcConnections(settings, dialect, errors),
        work,
        new JdbcStatements(settings, errors, work));
  }

  /** Connections at once. */
  int width() {
    return settings.extraction().connections();
  }
}
