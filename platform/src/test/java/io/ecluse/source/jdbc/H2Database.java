package io.ecluse.source.jdbc;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** An H2 in files of a folder. */
record H2Database(Path folder) implements JdbcDatabase {
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
