package io.ecluse.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class GeneratedModelsTest extends DemoModelsContract {
  @Override
  String erp() throws SQLException {
    return DemoErps.generated(42, 0.2);
  }

  @Test
  void studentsWithoutGradesStay() throws SQLException {
    assertThat(value("select count(*) from marts.students")).isEqualTo("2000");
    assertThat(
            value(
                "select count(*) > 10 from marts.students where average_grade is null and attendance_rate is null"))
        .isEqualTo("true");
  }

  @Test
  void whoWasMetTwiceCountsOnceAtTheEarlierEvent() throws SQLException {
    assertThat(value("select count(*) > 5 from core.recruitments where events_met = 2"))
        .isEqualTo("true");
    assertThat(
            value(
                """
                select count(*) from marts.students m
                join erp.students s on s.id = m.student_id
                join erp.audiences a on lower(a.email) = lower(s.personal_email)
                join erp.events e on e.id = a.event_id
                join erp.events chosen on chosen.id = m.event_id
                where e.date < chosen.date"""))
        .isEqualTo("0");
  }

  @Test
  void anAddressInCapitalsIsTheSame() throws SQLException {
    assertThat(
            value(
                """
                select count(*) > 50 from marts.students m
                join erp.students s on s.id = m.student_id
                join erp.audiences a on a.email = upper(s.personal_email) and a.event_id = m.event_id"""))
        .isEqualTo("true");
  }

  @Test
  void onlyInstitutionsOfManyStudentsAreNamed() throws SQLException {
    assertThat(rows("select distinct institution from marts.performance_by_origin order by 1"))
        .contains("prepa.example", "universite.example");
  }
}
