package io.ecluse.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.LocalSecrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoErpTest {
  private static final ErpFill SMALL = new ErpFill.Generated(1, 0.01);

  @TempDir Path folder;

  private DemoErp start(ErpFill fill) {
    return DemoErp.start(folder, fill, FillListener.SILENT);
  }

  private Connection reader(DemoErp erp) throws SQLException {
    String password = new LocalSecrets(Map.of(), folder).secret(DemoErp.SECRET);
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/%s".formatted(erp.port(), DemoErp.DATABASE),
        DemoErp.READER,
        password);
  }

  private static String value(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return String.valueOf(rows.getString(1));
    }
  }

  @Test
  void theReaderSeesTheElevenTablesAndMayChangeNothing() throws SQLException, IOException {
    try (DemoErp erp = start(SMALL);
        Connection reader = reader(erp)) {
      assertThat(value(reader, "SELECT count(*) FROM students")).isEqualTo("100");
      assertThat(
              value(
                  reader,
                  "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"))
          .isEqualTo("11");
      for (String sql :
          new String[] {
            "DELETE FROM students",
            "SET transaction_read_only = off; DROP TABLE grades",
            "SET default_transaction_read_only = off; UPDATE grades SET grade = 100"
          }) {
        assertThatThrownBy(() -> reader.createStatement().execute(sql))
            .isInstanceOf(SQLException.class);
      }
    }
    Path secret = folder.resolve(".ecluse/secrets/erp_password");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
        .isEqualTo("rw-------");
  }

  @Test
  void itIsFilledOnceAndFoundAgainAtTheSamePort() throws SQLException {
    int port;
    try (DemoErp erp = start(SMALL);
        Connection connection = erp.connect()) {
      port = erp.port();
      connection.createStatement().execute("DELETE FROM grades");
    }
    try (DemoErp erp = start(SMALL);
        Connection reader = reader(erp)) {
      assertThat(erp.port()).isEqualTo(port);
      assertThat(value(reader, "SELECT count(*) FROM grades")).isEqualTo("0");
    }
    try (DemoErp erp = DemoErp.startIfPresent(folder).orElseThrow();
        Connection reader = reader(erp)) {
      assertThat(erp.port()).isEqualTo(port);
      assertThat(value(reader, "SELECT count(*) FROM students")).isEqualTo("100");
    }
  }

  @Test
  void otherDataIsNotMixedIn() throws IOException {
    start(SMALL).close();
    Path csv = Files.createDirectory(folder.resolve("csv"));
    Files.writeString(csv.resolve("campuses.csv"), "id,name\n1,A\n");
    for (ErpFill other :
        new ErpFill[] {
          new ErpFill.Generated(1, 0.02), new ErpFill.Generated(2, 0.01), new ErpFill.FromCsv(csv)
        }) {
      assertThatThrownBy(() -> start(other))
          .isInstanceOfSatisfying(
              EcluseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
          .hasMessageContaining("holds generated data of scale 0.01, seed 1, but ")
          .hasMessageContaining("--dir");
    }
  }

  @Test
  void aFillThatWasKilledHalfWayStartsAgain() throws SQLException {
    try (DemoErp erp = start(SMALL);
        Connection connection = erp.connect()) {
      connection.createStatement().execute("DELETE FROM demo.fill; DROP TABLE attendances");
      connection.createStatement().execute("DELETE FROM students WHERE id % 2 = 0");
    }
    try (DemoErp erp = start(SMALL);
        Connection reader = reader(erp)) {
      assertThat(value(reader, "SELECT count(*) FROM students")).isEqualTo("100");
      assertThat(Integer.parseInt(value(reader, "SELECT count(*) FROM attendances")))
          .isGreaterThan(4_000);
    }
  }

  @Test
  void csvFilesAreReportedOnceAndMayMove() throws IOException {
    Path csv = Files.createDirectory(folder.resolve("csv"));
    Files.writeString(csv.resolve("campuses.csv"), "id,name\n1,A\nx,B\n");
    try (DemoErp erp = start(new ErpFill.FromCsv(csv))) {
      assertThat(erp.importReport().orElseThrow().rejected()).isEqualTo(1);
    }
    Path moved = Files.move(csv, folder.resolve("moved"));
    try (DemoErp erp = start(new ErpFill.FromCsv(moved))) {
      assertThat(erp.importReport()).isEmpty();
    }
  }

  @Test
  void withoutFilesNothingIsMade() {
    assertThatThrownBy(() -> start(new ErpFill.FromCsv(folder.resolve("absent"))))
        .isInstanceOfSatisfying(
            EcluseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void whereNoneWasThereIsNone() {
    assertThat(DemoErp.startIfPresent(folder)).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }
}
