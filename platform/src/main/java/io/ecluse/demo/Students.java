package io.ecluse.demo;

import io.ecluse.demo.Student.Meetings;
import io.ecluse.demo.Student.Origin;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** Makes each student from the number alone, so that none has to be kept. */
record Students(long seed, School school) {
  private static final int FIRST_ID = 100_001;
  private static final double RECRUITED = 0.25;
  private static final double MET_TWICE = 0.05;
  private static final double NEXT_INTAKE = 0.015;

  int count() {
    return school.students();
  }

  /**
   * @param index from 0 to below {@link #count()}
   */
  Student student(int index) {
    int id = FIRST_ID + index;
    Draw draw = Draw.of(seed, Kinds.STUDENT, id);
    People.Name name = People.name(draw);
    Campus campus = school.campusAt(draw.unit());
    boolean next = draw.chance(NEXT_INTAKE);
    int promotion = draw.weighted(0.24, 0.22, 0.20, 0.18, 0.16);
    int year = next ? 0 : promotion;
    int season = season(draw, next, year);
    Origin origin = draw.oneOf(List.of(Origin.values()), 0.12, 0.18, 0.28, 0.17, 0.25);
    Meetings met = meetings(draw, campus, season);
    Optional<Integer> company = company(draw, campus, year, next);
    double deviation = Effects.ATTENDANCE_SPREAD * draw.gaussian();
    double level =
        Effects.GRADE_BASE
            + Effects.TALENT * draw.gaussian()
            + Effects.GRADE_PER_ATTENDANCE * deviation
            + origin.gradeEffect()
            + campus.gradeEffect()
            + met.first().map(event -> event.type().gradeEffect()).orElse(0.0)
            + (company.isPresent() ? Effects.APPRENTICE_GRADE : 0);
    double attendance =
        Effects.ATTENDANCE
            + deviation
            + (campus.isOutOfTown() ? Effects.OUT_OF_TOWN_ATTENDANCE : 0);
    long joined = joined(draw, season, next);
    boolean leaves = draw.chance(Effects.leaving(level, deviation, campus, year));
    Optional<Long> left = leaves && !next ? Optional.of(leftDay(draw)) : Optional.empty();
    long born =
        joined - Math.round(365.25 * (18 + year - (School.SCHOOL_YEAR - season))) - draw.below(900);
    return new Student(
        id, name, campus, year, origin, born, joined, left, met, company, attendance, level);
  }

  /** The year in which they joined; some skip the first years. */
  private static int season(Draw draw, boolean next, int year) {
    boolean fromTheStart = draw.chance(0.7);
    int yearsAgo = draw.below(year + 1);
    if (next) {
      return School.LAST_SEASON;
    }
    return School.SCHOOL_YEAR - (fromTheStart ? year : yearsAgo);
  }

  private Meetings meetings(Draw draw, Campus campus, int season) {
    boolean recruited = draw.chance(RECRUITED);
    SchoolEvent.Type type = draw.oneOf(List.of(SchoolEvent.Type.values()), 0.35, 0.45, 0.20);
    int number = draw.below(2);
    boolean again = draw.chance(MET_TWICE);
    if (!recruited) {
      return Meetings.NONE;
    }
    SchoolEvent first = school.event(campus, season, type, number);
    SchoolEvent last = school.event(campus, season, SchoolEvent.Type.PO, 1);
    Optional<SchoolEvent> second =
        again && last.day() > first.day() ? Optional.of(last) : Optional.empty();
    return new Meetings(Optional.of(first), second);
  }

  /** An event for somebody who did not become a student. */
  SchoolEvent eventOfProspect(Draw draw) {
    Campus campus = school.campusAt(draw.unit());
    int season = draw.between(School.FIRST_SEASON, School.LAST_SEASON);
    SchoolEvent.Type type = draw.oneOf(List.of(SchoolEvent.Type.values()), 0.70, 0.25, 0.05);
    return school.event(campus, season, type, draw.below(2));
  }

  /** Some companies take many apprentices, most take few. */
  private Optional<Integer> company(Draw draw, Campus campus, int year, boolean next) {
    double chance = Effects.apprenticeship(year, school.companyDensity(campus));
    boolean has = draw.chance(chance);
    double place = draw.unit();
    if (!has || next) {
      return Optional.empty();
    }
    int number = (int) (school.companies(campus) * place * place);
    return Optional.of(school.companiesBefore(campus) + 1 + number);
  }

  private static long joined(Draw draw, int season, boolean next) {
    long day = LocalDate.of(season, next ? 7 : 9, 1).toEpochDay();
    return day + draw.below(28);
  }

  /** Most leave after the first half-year's results or at the end of the year. */
  private static long leftDay(Draw draw) {
    int year = School.SCHOOL_YEAR + 1;
    LocalDate from =
        switch (draw.weighted(0.35, 0.30, 0.35)) {
          case 0 -> LocalDate.of(year, 2, 1);
          case 1 -> LocalDate.of(year, 6, 15);
          default -> LocalDate.of(year, 1, 5);
        };
    int spread = from.getMonthValue() == 1 ? 235 : 30;
    return from.toEpochDay() + draw.below(spread);
  }
}
