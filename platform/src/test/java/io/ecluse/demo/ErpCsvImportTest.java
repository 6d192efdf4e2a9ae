package io.ecluse.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.Servers;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErpCsvImportTest {
  @TempDir Path folder;
  private String database;

  @BeforeEach
  void newDatabase() {
    database = Servers.newDatabase();
  }

  private ErpImportReport load() throws SQLException {
    try (Connection connection = Servers.server().connect(database)) {
      return new ErpCsvImport(folder).importInto(connection, FillListener.SILENT);
    }
  }

  private void file(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private List<String> findings(ErpImportReport report, String table) {
    return report.findings().stream()
        .filter(finding -> finding.table().equals(table))
        .filter(finding -> finding.kind() != ErpImportReport.Kind.NOTE)
        .map(
            finding ->
                finding.where()
                    + ": "
                    + finding.reason()
                    + " "
                    + finding.examples().stream()
                        .map(example -> example.line() + " " + example.value())
                        .toList())
        .toList();
  }

  private String value(String sql) {
    return DemoErps.value(database, sql);
  }

  @Test
  void columnsAreFoundByTheHeaderInAnyOrder() throws Exception {
    file("subjects.csv", "\ufeffLevel, name ,ID,extra\r\nMSC1,\"Data, big\",4DATA,x\r\n");
    ErpImportReport report = load();
    assertThat(value("SELECT id || '|' || name || '|' || level FROM subjects"))
        .isEqualTo("4DATA|Data, big|MSC1");
    assertThat(report.toText())
        .contains("note     subjects.extra: the table has no such column; it was not loaded");
  }

  @Test
  void aColumnThatIsMissingIsNullAndAMissingIdIsCounted() throws Exception {
    file("grades.csv", "student_id,grade\n1,50\n2,60.5\n");
    ErpImportReport report = load();
    assertThat(value("SELECT string_agg(id || ':' || grade, ' ' ORDER BY id) FROM grades"))
        .isEqualTo("1:50 2:60.5");
    assertThat(value("SELECT count(*) FROM grades WHERE date IS NULL")).isEqualTo("2");
    assertThat(report.toText())
        .contains("grades.date: the file lacks the column; it is NULL")
        .contains("grades.id: the file lacks the column; rows are numbered");
    assertThat(value("INSERT INTO grades (grade) VALUES (1) RETURNING id")).isEqualTo("3");
  }

  @Test
  void aSerialGoesOnAfterTheGreatestIdOfTheFile() throws Exception {
    file("campuses.csv", "id,name\n7,A\n3,B\n");
    load();
    assertThat(value("INSERT INTO campuses (name) VALUES ('C') RETURNING id")).isEqualTo("8");
  }

  @Test
  void badRowsAreRejectedWithTheirLinesAndGoodOnesLoaded() throws Exception {
    file(
        "events.csv",
        """
        id,type,date,campus_id
        1,salon,2024-01-31,1
        2,salon,2024-02-30,1
        3,salon,31/01/2024,1
        4,salon,2024-01-31
        5,salon,2024-01-31,1,9
        six,salon,2024-01-31,1
        1,salon,2024-01-31,1
        ,salon,2024-01-31,1
        9,a type that is too long,2024-01-31,1
        10,a type that is much too long,2024-01-31,1
        11,salon,2024-01-31,99999999999
        12,salon,,

        14,salon,2024-01-31,2
        """);
    ErpImportReport report = load();
    assertThat(value("SELECT string_agg(id::text, ' ' ORDER BY id) FROM events"))
        .isEqualTo("1 9 12 14");
    assertThat(findings(report, "events"))
        .containsExactlyInAnyOrder(
            "events.date: not a day of the calendar [3 \"2024-02-30\"]",
            "events.date: not a date as 2024-01-31 [4 \"31/01/2024\"]",
            "events: the header has 4 fields [5 3 fields, 6 5 fields]",
            "events.id: not a whole number of 32 bits [7 \"six\"]",
            "events.id: the key is that of an earlier row [8 \"1\"]",
            "events.id: the key is empty [9 \"\"]",
            "events.type: longer than 24 characters [11 \"a type that is much too long\"]",
            "events.campus_id: not a whole number of 32 bits [12 \"99999999999\"]");
    assertThat(report.tables()).contains(new ErpImportReport.Table("events", 13, 4, 0, 9));
  }

  @Test
  void changedValuesAreTold() throws Exception {
    file("lessons.csv", "id,date,campus_id\n1,2015-01-30 02:03:07,1.0\n2, 2015-01-31 , 4\n");
    ErpImportReport report = load();
    assertThat(value("SELECT string_agg(date || ':' || campus_id, ' ' ORDER BY id) FROM lessons"))
        .isEqualTo("2015-01-30:1 2015-01-31:4");
    assertThat(findings(report, "lessons"))
        .containsExactlyInAnyOrder(
            "lessons.date: the time of day was dropped [2 \"2015-01-30 02:03:07\"]",
            "lessons.campus_id: zeros after the decimal point were dropped [2 \"1.0\"]",
            "lessons.date: spaces around it were dropped [3 \" 2015-01-31 \"]",
            "lessons.campus_id: spaces around it were dropped [3 \" 4\"]");
    assertThat(report.changed()).isEqualTo(4);
  }

  @Test
  void personalValuesAreNotShown() throws Exception {
    file("students.csv", "id,first_name,date_of_birth\n1,Zoé,1999-13-01\n");
    ErpImportReport report = load();
    assertThat(report.toText() + report.toJson())
        .contains("10 characters")
        .doesNotContain("1999-13-01");
  }

  @Test
  void aQuoteThatNeverClosesCostsItsLineOnly() throws Exception {
    file(
        "companies.csv",
        """
        id,name,city
        1,"Two
        lines",Paris
        2,"never closed,Paris
        3,"closed" late,Paris
        4,"with ""quotes""\",Lille
        5,in "the" middle,Nantes
        6,Good,Rennes
        """);
    ErpImportReport report = load();
    assertThat(value("SELECT string_agg(id || ':' || name, ' ' ORDER BY id) FROM companies"))
        .isEqualTo("1:Two\nlines 4:with \"quotes\" 5:in \"the\" middle 6:Good");
    assertThat(findings(report, "companies"))
        .containsExactly("companies: a quote stands where none may, or is never closed [4 , 5 ]");
  }

  @Test
  void bytesThatAreNotUtf8CostTheirLineOnly() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes("id,name\n1,Évry\n2,".getBytes(StandardCharsets.UTF_8));
    bytes.writeBytes("Évry".getBytes(StandardCharsets.ISO_8859_1));
    bytes.writeBytes("\n3,Lyon\u0000\n4,Lille".getBytes(StandardCharsets.UTF_8));
    Files.write(folder.resolve("campuses.csv"), bytes.toByteArray());
    ErpImportReport report = load();
    assertThat(value("SELECT string_agg(name, ' ' ORDER BY id) FROM campuses"))
        .isEqualTo("Évry Lille");
    assertThat(findings(report, "campuses"))
        .containsExactlyInAnyOrder(
            "campuses: the line is not UTF-8 [3 ]",
            "campuses.name: holds the character U+0000, which PostgreSQL cannot store [4 \"Lyon?\"]");
  }

  @Test
  void theKeyOfARejectedRowMayComeAgain() throws Exception {
    file("campuses.csv", "id,name\n1,this name is longer than thirty characters\n1,Lille\n");
    load();
    assertThat(value("SELECT name FROM campuses")).isEqualTo("Lille");
  }

  @Test
  void numbersAndFlagsAreReadStrictly() throws Exception {
    file("grades.csv", "id,grade\n1,NaN\n2,1e40\n3,12f\n4,0x1p3\n5,-1.5e1\n6,\"3,5\"\n");
    file("attendances.csv", "id,lesson_id,student_id,present\n1,1,1,True\n2,1,1,maybe\n3,1,1,0\n");
    ErpImportReport report = load();
    assertThat(value("SELECT string_agg(id || ':' || grade, ' ') FROM grades")).isEqualTo("5:-15");
    assertThat(value("SELECT string_agg(id || ':' || present, ' ' ORDER BY id) FROM attendances"))
        .isEqualTo("1:true 3:false");
    assertThat(report.rejected()).isEqualTo(6);
  }

  @Test
  void garbageOfAnyKindIsToldAndNeverFails() throws Exception {
    file("students.csv", "first_name\nZoé\n");
    file("grades.csv", "");
    file("events.csv", "\n\n");
    file("companies.csv", "\"\"\"\"\"\n\",,,\n");
    Files.write(
        folder.resolve("campuses.csv"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 10, 'a', 10});
    file("lessons.csv", "nothing,known\n1,2\n");
    ErpImportReport report = load();
    assertThat(report.tables()).allSatisfy(table -> assertThat(table.loaded()).isZero());
    assertThat(report.toText())
        .contains("students.id: the file lacks the column, which tells rows apart");
    assertThat(value("SELECT count(*) FROM students")).isEqualTo("0");
  }

  @Test
  void attendancesFollowTheRuleAndAreTheSameEachTime() throws Exception {
    file(
        "students.csv", "id,campus_id,promotion\n1,1,ASC1\n2,1,MSC2\n3,2,ASC1\n4,1,OLD\n5,,ASC1\n");
    file(
        "lessons.csv",
        "id,subject_id,campus_id\n1,1PROG,1\n2,1PROG,1\n3,5DATA,1\n4,1PROG,2\n5,?,1\n");
    load();
    String all =
        "SELECT string_agg(lesson_id || '-' || student_id, ' ' ORDER BY id) FROM attendances";
    assertThat(value(all)).isEqualTo("1-1 2-1 3-2 4-3");
    String presence = "SELECT string_agg(present::text, ' ' ORDER BY id) FROM attendances";
    String first = value(presence);
    newDatabase();
    load();
    assertThat(value(presence)).isEqualTo(first);
  }

  @Test
  void aFolderWithoutFilesIsRefused() {
    assertThatThrownBy(() -> new ErpCsvImport(folder))
        .isInstanceOfSatisfying(
            EcluseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
        .hasMessageContaining("students.csv");
  }

  @Test
  void theReportIsJsonToo() throws Exception {
    file("campuses.csv", "id,name\n1,Lille\nx,Nantes\n");
    assertThat(load().toJson())
        .contains("\"rejected\":1")
        .contains(
            "{\"kind\":\"REJECTED\",\"table\":\"campuses\",\"column\":\"id\","
                + "\"reason\":\"not a whole number of 32 bits\",\"count\":1,"
                + "\"examples\":[{\"line\":3,\"value\":\"\\\"x\\\"\"}]}");
  }
}
