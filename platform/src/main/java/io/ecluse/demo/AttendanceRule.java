package io.ecluse.demo;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Attendances for students and lessons that came without: every student attends the lessons of
 * their own year (the first digit of the subject; promotions ASC1, ASC2, BSC, MSC1, MSC2 are years
 * 1 to 5) at their own campus, and is present 85 % of the time. The same rows give the same result.
 */
final class AttendanceRule {
  private static final double PRESENT = 0.85;
  private static final long SEED = 20211124;
  private static final long KIND = 1;

  private record Place(int campus, int year) {}

  private record Student(int id, Place place) {}

  /** Writes {@code attendances} from {@code students} and {@code lessons}; returns its rows. */
  long fill(Connection connection, FillListener listener) throws SQLException {
    Map<Place, List<Integer>> lessons = lessons(connection);
    List<Student> students = students(connection);
    List<String> columns = List.of("id", "lesson_id", "student_id", "present");
    try (CopyWriter copy =
        new CopyWriter(connection, ErpCsvImport.ATTENDANCES, columns, listener)) {
      int id = 0;
      for (Student student : students) {
        Draw draw = Draw.of(SEED, KIND, student.id());
        for (int lesson : lessons.getOrDefault(student.place(), List.of())) {
          id++;
          copy.row().integer(id).integer(lesson).integer(student.id()).flag(draw.chance(PRESENT));
        }
      }
      copy.finish();
      return copy.rows();
    }
  }

  private static Map<Place, List<Integer>> lessons(Connection connection) throws SQLException {
    Map<Place, List<Integer>> lessons = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT id, campus_id, CAST(left(subject_id, 1) AS integer) FROM lessons"
                    + " WHERE subject_id ~ '^[1-5]' AND campus_id IS NOT NULL ORDER BY id")) {
      while (rows.next()) {
        lessons
            .computeIfAbsent(new Place(rows.getInt(2), rows.getInt(3)), place -> new ArrayList<>())
            .add(rows.getInt(1));
      }
    }
    return lessons;
  }

  private static List<Student> students(Connection connection) throws SQLException {
    List<Student> students = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT id, campus_id, array_position("
                    + "ARRAY['ASC1', 'ASC2', 'BSC', 'MSC1', 'MSC2'], promotion::text) AS year"
                    + " FROM students WHERE campus_id IS NOT NULL ORDER BY id")) {
      while (rows.next()) {
        students.add(new Student(rows.getInt(1), new Place(rows.getInt(2), rows.getInt(3))));
      }
    }
    return students;
  }
}
