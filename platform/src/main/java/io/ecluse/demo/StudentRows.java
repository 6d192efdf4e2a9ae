package io.ecluse.demo;

import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Rows about students and prospects: students, audiences, apprenticeships. */
record StudentRows(long seed, Students students) {
  /** Prospects who did not become students, per student. */
  private static final double PROSPECTS = 0.20;

  private static final double CAPITALS = 0.15;

  void students(CopyWriter copy) throws SQLException {
    for (int i = 0; i < students.count(); i++) {
      Student student = students.student(i);
      copy.row()
          .integer(student.id())
          .text(student.name().first())
          .text(student.name().last())
          .text(student.schoolEmail())
          .text(student.personalEmail())
          .text(student.name().gender().written())
          .date(student.born())
          .date(student.joined());
      if (student.left().isPresent()) {
        copy.date(student.left().get());
      } else {
        copy.missing();
      }
      copy.integer(student.campus().id()).text(Curriculum.PROMOTIONS.get(student.year()));
    }
  }

  void audiences(CopyWriter copy) throws SQLException {
    int id = 0;
    for (int i = 0; i < students.count(); i++) {
      Student student = students.student(i);
      Draw draw = Draw.of(seed, Kinds.AUDIENCE, i);
      for (Optional<SchoolEvent> event : List.of(student.met().first(), student.met().second())) {
        if (event.isPresent()) {
          id++;
          String email = withCase(student.personalEmail(), draw);
          audience(copy.row().integer(id), student.name(), email, student.born(), event.get());
        }
      }
      if (draw.chance(PROSPECTS)) {
        id++;
        prospect(copy.row().integer(id), i);
      }
    }
  }

  void apprenticeships(CopyWriter copy) throws SQLException {
    int id = 0;
    for (int i = 0; i < students.count(); i++) {
      Student student = students.student(i);
      if (student.company().isPresent()) {
        id++;
        Draw draw = Draw.of(seed, Kinds.AUDIENCE, -1L - i);
        long start = LocalDate.of(School.SCHOOL_YEAR, 9, 1).toEpochDay() + draw.below(60);
        int years = draw.chance(0.5) ? 1 : 2;
        copy.row()
            .integer(id)
            .integer(student.id())
            .integer(student.company().get())
            .date(start)
            .date(LocalDate.of(School.SCHOOL_YEAR + years, 8, 31).toEpochDay());
      }
    }
  }

  private void prospect(CopyWriter copy, int number) throws SQLException {
    Draw draw = Draw.of(seed, Kinds.PROSPECT, number);
    People.Name name = People.name(draw);
    SchoolEvent event = students.eventOfProspect(draw);
    long born = LocalDate.of(event.season() - 18, 9, 1).toEpochDay() - draw.below(1200);
    String email = name.plain() + ".p" + number + "@courriel.example";
    audience(copy, name, withCase(email, draw), born, event);
  }

  private static void audience(
      CopyWriter copy, People.Name name, String email, long born, SchoolEvent event)
      throws SQLException {
    copy.text(name.first())
        .text(name.last())
        .text(email)
        .text(name.gender().written())
        .date(born)
        .integer(event.id());
  }

  /** People write their address on a form as they please. */
  private static String withCase(String email, Draw draw) {
    return draw.chance(CAPITALS) ? email.toUpperCase(Locale.ROOT) : email;
  }
}
