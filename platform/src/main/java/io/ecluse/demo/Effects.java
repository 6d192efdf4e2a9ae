package io.ecluse.demo;

import java.time.LocalDate;

/**
 * What drives what in the generated school, and how much: the answers that analysts are to find.
 * {@code docs/demo-data.md} tells them, and a test finds each in the data.
 */
final class Effects {
  /** Chance to come to a lesson: of a student at a campus in town, on a good day. */
  static final double ATTENDANCE = 0.904;

  /** How students differ in it, as a standard deviation. */
  static final double ATTENDANCE_SPREAD = 0.06;

  static final double OUT_OF_TOWN_ATTENDANCE = -0.05;
  static final double WINTER_ATTENDANCE = -0.06;
  static final double MONDAY_FRIDAY_ATTENDANCE = -0.04;

  /** Points on the grade for one point of attendance: 10 % more lessons, 6 points. */
  static final double GRADE_PER_ATTENDANCE = 60;

  static final double APPRENTICE_GRADE = 4;

  /** How students differ in grades for no reason in the data, as a standard deviation. */
  static final double TALENT = 8;

  /** How the grades of one student differ. */
  static final double EXAM_SPREAD = 11.75;

  /** Makes the mean of all grades 60. */
  static final double GRADE_BASE = 56.7;

  private static final double[] APPRENTICES_BY_YEAR = {0.17, 0.27, 0.37, 0.46, 0.50};

  private Effects() {}

  /** What a day adds to the chance that a student comes. */
  static double ofDay(long day) {
    LocalDate date = LocalDate.ofEpochDay(day);
    double season =
        switch (date.getMonth()) {
          case DECEMBER, JANUARY, FEBRUARY -> WINTER_ATTENDANCE;
          case MARCH, APRIL, MAY, JUNE, JULY, AUGUST, SEPTEMBER, OCTOBER, NOVEMBER -> 0;
        };
    double weekday =
        switch (date.getDayOfWeek()) {
          case MONDAY, FRIDAY -> MONDAY_FRIDAY_ATTENDANCE;
          case TUESDAY, WEDNESDAY, THURSDAY, SATURDAY, SUNDAY -> 0;
        };
    return season + weekday;
  }

  /** Chance of an apprenticeship: it grows with the years and with the companies in town. */
  static double apprenticeship(int year, double companyDensity) {
    return Math.min(0.9, APPRENTICES_BY_YEAR[year] * (0.3 + 0.7 * companyDensity));
  }

  /**
   * Chance to leave during the school year, a logistic of what weighs on it.
   *
   * @param level the student's mean grade
   * @param attendance the student's own deviation from what is usual at the campus
   */
  static double leaving(double level, double attendance, Campus campus, int year) {
    double weight =
        -2.6
            - 0.07 * (level - 60)
            - 8 * attendance
            + (campus.isOutOfTown() ? 0.7 : 0)
            + (year == 0 ? 0.5 : 0);
    return 1 / (1 + StrictMath.exp(-weight));
  }
}
