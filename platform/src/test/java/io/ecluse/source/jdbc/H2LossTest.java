package io.ecluse.source.jdbc;

import io.ecluse.source.Source;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

class H2LossTest extends LossContract {
  @Override
  public String url() {
    return "jdbc:h2:file:" + folder.resolve("school");
  }

  @Override
  public String user() {
    return "reader";
  }

  @Override
  public String password() {
    return "the-password";
  }

  @Override
  public String clean() {
    return "DROP ALL OBJECTS";
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
    return JdbcSource.any(settings, stage());
  }

  @Override
  public void endOtherSessions(Statement statement) throws SQLException {
    List<Long> others = new ArrayList<>();
    try (ResultSet sessions =
        statement.executeQuery(
            "SELECT SESSION_ID FROM INFORMATION_SCHEMA.SESSIONS WHERE SESSION_ID <> SESSION_ID()")) {
      while (sessions.next()) {
        others.add(sessions.getLong(1));
      }
    }
    for (long session : others) {
      statement.execute("CALL ABORT_SESSION(" + session + ")");
    }
  }
}
