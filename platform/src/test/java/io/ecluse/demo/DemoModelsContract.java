package io.ecluse.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Registrations;
import io.ecluse.Servers;
import io.ecluse.duckdb.EngineParser;
import io.ecluse.project.AuditFile;
import io.ecluse.project.ColumnTest;
import io.ecluse.project.DashboardFile;
import io.ecluse.project.ModelFile;
import io.ecluse.project.Project;
import io.ecluse.project.ProjectReader;
import io.ecluse.schema.TableName;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/** The models of the demo project on the rows of an ERP, built by DuckDB. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DemoModelsContract {
  private Project project;
  private Connection duckdb;

  /** The name of a database that holds an ERP. */
  abstract String erp() throws SQLException;

  @BeforeAll
  void build(@TempDir Path folder) throws SQLException, IOException {
    String database = erp();
    DemoProject.write(
        folder.resolve("project"),
        5432,
        new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary()));
    project =
        new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary())
            .read(folder.resolve("project"))
            .orThrow();
    duckdb = DriverManager.getConnection("jdbc:duckdb:");
    execute("SET ieee_floating_point_ops = false");
    execute("SET threads = 2");
    execute("CREATE SCHEMA erp");
    for (ErpTable table : ErpTables.read().all()) {
      copy(database, table, folder.resolve(table.name() + ".csv"));
    }
    buildModels();
  }

  @AfterAll
  void close() throws SQLException {
    if (duckdb != null) {
      duckdb.close();
    }
  }

  private void copy(String database, ErpTable table, Path file) throws SQLException, IOException {
    try (Connection connection = Servers.server().connect(database);
        OutputStream out = Files.newOutputStream(file)) {
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyOut("COPY " + table.name() + " TO STDOUT (FORMAT csv)", out);
    }
    String columns =
        table.columns().stream()
            .map(column -> column.name() + " " + column.sql().replace("serial", "integer"))
            .map(column -> column.replace("float(2)", "real"))
            .collect(Collectors.joining(", "));
    execute("CREATE TABLE erp." + table.name() + " (" + columns + ")");
    execute("COPY erp.%s FROM '%s' (FORMAT csv, HEADER false)".formatted(table.name(), file));
  }

  private void buildModels() throws SQLException {
    Set<TableName> built = new HashSet<>();
    Set<TableName> all = project.models().keySet();
    while (built.size() < all.size()) {
      int before = built.size();
      for (ModelFile model : project.models().values()) {
        boolean ready =
            model.upstream().stream().allMatch(t -> built.contains(t) || !all.contains(t));
        if (ready && built.add(model.name())) {
          execute("CREATE SCHEMA IF NOT EXISTS " + model.name().schema());
          execute("CREATE TABLE %s AS %s".formatted(model.name(), model.sql()));
        }
      }
      assertThat(built).hasSizeGreaterThan(before);
    }
  }

  @Test
  void studentsHaveTheColumnsOfTheDesignInOrder() throws SQLException {
    String columns =
        """
        student_id first_name last_name email gender date_of_birth join_date left_date campus region promotion
        average_grade attendance_rate recruited_at_event event_id event_type has_apprenticeship company""";
    assertThat(
            rows(
                "select column_name from information_schema.columns where table_schema = 'marts'"
                    + " and table_name = 'students' order by ordinal_position"))
        .containsExactly(columns.split("\\s+"));
  }

  @Test
  void everyModelDescribesItsColumnsInOrder() throws SQLException {
    for (ModelFile model : project.models().values()) {
      List<String> columns =
          rows(
              "select column_name from information_schema.columns where table_schema = '%s' and table_name = '%s' order by ordinal_position"
                  .formatted(model.name().schema(), model.name().name()));
      assertThat(columns).as(model.path()).containsAll(model.columns().keySet());
      assertThat(model.description()).as(model.path()).isNotBlank();
    }
  }

  @Test
  void noRowBreaksATestOfAColumn() throws SQLException {
    for (ModelFile model : project.models().values()) {
      for (ModelFile.Column column : model.columns().values()) {
        for (ColumnTest test : column.tests()) {
          String broken = brokenRows(model.name(), column.name(), test);
          assertThat(rows(broken)).as("%s %s %s", model.name(), column.name(), test).isEmpty();
        }
      }
    }
  }

  @Test
  void noAuditReturnsARow() throws SQLException {
    assertThat(project.audits()).isNotEmpty();
    for (AuditFile audit : project.audits().values()) {
      assertThat(rows(audit.sql())).as(audit.name()).isEmpty();
    }
  }

  @Test
  void everyTileHasRowsAndItsColumns() throws SQLException {
    for (DashboardFile.Tile tile : project.dashboard("school").tiles()) {
      try (Statement statement = duckdb.createStatement();
          ResultSet result = statement.executeQuery(tile.query())) {
        tile.x().ifPresent(column -> find(result, column));
        tile.y().ifPresent(column -> find(result, column));
        tile.series().ifPresent(column -> find(result, column));
        assertThat(result.next()).as(tile.id()).isTrue();
      }
    }
  }

  private static void find(ResultSet result, String column) {
    try {
      assertThat(result.findColumn(column)).isPositive();
    } catch (SQLException e) {
      throw new AssertionError(column, e);
    }
  }

  private static String brokenRows(TableName table, String column, ColumnTest test) {
    if (test instanceof ColumnTest.Unique) {
      return "select %2$s from %1$s where %2$s is not null group by %2$s having count(*) > 1"
          .formatted(table, column);
    }
    if (test instanceof ColumnTest.NotNull) {
      return "select 1 from %s where %s is null".formatted(table, column);
    }
    if (test instanceof ColumnTest.AcceptedValues accepted) {
      String values =
          accepted.values().stream().map(ColumnTest.Literal::sql).collect(Collectors.joining(", "));
      return "select %2$s from %1$s where %2$s not in (%3$s)".formatted(table, column, values);
    }
    if (test instanceof ColumnTest.Range range) {
      List<String> broken = new ArrayList<>();
      range.min().ifPresent(min -> broken.add(column + " < " + min.sql()));
      range.max().ifPresent(max -> broken.add(column + " > " + max.sql()));
      return "select %s from %s where %s".formatted(column, table, String.join(" or ", broken));
    }
    if (test instanceof ColumnTest.Relationship relationship) {
      return "select %2$s from %1$s where %2$s is not null and %2$s not in (select %4$s from %3$s)"
          .formatted(table, column, relationship.to(), relationship.column());
    }
    throw new AssertionError("Unhandled " + test);
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = duckdb.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of every row, as text. */
  List<String> rows(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = duckdb.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows.add(String.valueOf(result.getString(1)));
      }
    }
    return rows;
  }

  String value(String sql) throws SQLException {
    List<String> rows = rows(sql);
    assertThat(rows).hasSize(1);
    return rows.get(0);
  }
}
