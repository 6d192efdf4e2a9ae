package io.ecluse.demo;

import java.sql.SQLException;
import java.time.LocalDate;
import java.time.Month;

/** Rows about studies: attendances and grades. */
record StudyRows(long seed, School school, Students students) {
  private static final double LEAST_CHANCE = 0.02;
  private static final double GREATEST_CHANCE = 0.995;

  /** Lessons of the student's own year at the own campus, as long as the student is there. */
  void attendances(CopyWriter copy) throws SQLException {
    int id = 0;
    for (int i = 0; i < students.count(); i++) {
      Student student = students.student(i);
      Draw draw = Draw.of(seed, Kinds.ATTENDANCE, student.id());
      for (School.Lesson lesson : school.lessons(student.campus(), student.year())) {
        double chance = student.attendance() + lesson.effect();
        boolean present = draw.chance(Math.max(LEAST_CHANCE, Math.min(GREATEST_CHANCE, chance)));
        if (student.isThere(lesson.day())) {
          id++;
          copy.row().integer(id).integer(lesson.id()).integer(student.id()).flag(present);
        }
      }
    }
  }

  /** One per subject of the student's year whose exam came before they left. */
  void grades(CopyWriter copy) throws SQLException {
    int id = 0;
    for (int i = 0; i < students.count(); i++) {
      Student student = students.student(i);
      Draw draw = Draw.of(seed, Kinds.GRADE, student.id());
      for (Curriculum.Subject subject : Curriculum.subjects(student.year())) {
        double drawn = student.level() + Effects.EXAM_SPREAD * draw.gaussian();
        long day = examDay(student.campus(), subject);
        if (student.isThere(day)) {
          id++;
          double clipped = Math.max(0, Math.min(100, drawn));
          copy.row()
              .integer(id)
              .integer(student.id())
              .text(subject.id())
              .date(day)
              .real(Math.round(clipped * 2) / 2f);
        }
      }
    }
  }

  private long examDay(Campus campus, Curriculum.Subject subject) {
    Draw draw = Draw.of(seed, Kinds.EXAM, campus.id() * 31_000L + subject.id().hashCode());
    long first = LocalDate.of(School.SCHOOL_YEAR + 1, Month.JANUARY, 12).toEpochDay();
    return School.workday(first + draw.below(160));
  }
}
