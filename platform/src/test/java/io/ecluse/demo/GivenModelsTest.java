package io.ecluse.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.ecluse.Servers;
import io.ecluse.demo.ErpImportReport.Example;
import io.ecluse.demo.ErpImportReport.Finding;
import io.ecluse.demo.ErpImportReport.Kind;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The data set of the school project: dirt and all, its answers are known. */
class GivenModelsTest extends DemoModelsContract {
  private ErpImportReport report;
  private String database;

  @Override
  String erp() throws SQLException {
    Path folder = GivenErp.folder();
    database = Servers.newDatabase();
    try (Connection connection = Servers.server().connect(database)) {
      report = new ErpCsvImport(folder).importInto(connection, FillListener.SILENT);
    }
    return database;
  }

  @Test
  void studentsAreAllThere() throws SQLException {
    assertThat(value("select count(*) from marts.students")).isEqualTo("9942");
    assertThat(value("select count(*) from marts.students where recruited_at_event"))
        .isEqualTo("2500");
  }

  @Test
  void averagesAreThoseThatTheSchoolKnows() throws SQLException {
    assertThat(average(822491)).isEqualTo(65.4545454545, offset(1e-9));
    assertThat(average(777624)).isEqualTo(60.25, offset(1e-12));
  }

  private double average(int student) throws SQLException {
    return Double.parseDouble(
        value("select average_grade from marts.students where student_id = " + student));
  }

  @Test
  void attendancesAreMadeByTheRule() throws SQLException {
    assertThat(value("select count(*) from erp.attendances")).isEqualTo("548280");
    double present =
        Double.parseDouble(value("select avg(cast(present as integer)) from erp.attendances"));
    assertThat(present).isEqualTo(0.85, offset(0.002));
  }

  @Test
  void nothingIsRejectedAndEveryChangeIsTold() {
    assertThat(report.rejected()).isZero();
    assertThat(report.changed()).isEqualTo(1100);
    assertThat(report.findings())
        .contains(
            new Finding(
                Kind.CHANGED,
                "lessons",
                Optional.of("date"),
                "the time of day was dropped",
                1100,
                List.of(
                    new Example(2, "\"2015-01-30 02:03:07\""),
                    new Example(3, "\"2015-01-31 02:03:07\""),
                    new Example(4, "\"2015-02-01 02:03:07\""),
                    new Example(5, "\"2015-02-02 02:03:07\""),
                    new Example(6, "\"2015-02-03 02:03:07\""))));
    assertThat(report.findings())
        .filteredOn(finding -> finding.kind() == Kind.NOTE)
        .extracting(finding -> finding.where())
        .containsExactlyInAnyOrder(
            "audiences.id",
            "attendances",
            "grades.id",
            "grades.date",
            "apprenticeships.id",
            "apprenticeships.start_date",
            "apprenticeships.end_date");
  }

  @Test
  void theDirtIsLoadedAsItIs() {
    assertThat(
            DemoErps.value(database, "SELECT count(*) FROM students WHERE left_date < join_date"))
        .isEqualTo("2645");
    assertThat(DemoErps.value(database, "SELECT count(*) - count(DISTINCT email) FROM students"))
        .isEqualTo("33");
    assertThat(DemoErps.value(database, "SELECT count(date) FROM grades")).isEqualTo("0");
    assertThat(DemoErps.value(database, "SELECT name FROM campuses WHERE id = 1"))
        .isEqualTo("Supinfo Rennes");
  }
}
