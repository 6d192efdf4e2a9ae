package io.ecluse.demo;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Month;
import java.util.ArrayList;
import java.util.List;

/**
 * What of a generated school does not grow with its students, or slowly: campuses, events, lessons.
 * Time stands still at the end of the school year 2025–2026, so that data does not depend on today.
 */
final class School {
  static final int SCHOOL_YEAR = 2025;
  static final int FIRST_SEASON = 2021;
  static final int LAST_SEASON = 2026;
  private static final int STUDENTS = 10_000;
  private static final int COMPANIES = 1_000;
  private static final int EVENTS_PER_SEASON = 5;
  private static final int LESSONS_PER_SUBJECT = 5;

  private final long seed;
  private final double scale;
  private final List<Campus> campuses;
  private final List<SchoolEvent> events;
  private final List<List<List<Lesson>>> lessons;

  School(long seed, double scale) {
    this.seed = seed;
    this.scale = scale;
    this.campuses = Campus.ALL.subList(0, campusCount(scale));
    this.events = makeEvents();
    this.lessons = makeLessons();
  }

  /** A lesson; {@code effect} is what its day adds to the chance that a student comes. */
  record Lesson(int id, long day, String subject, int professor, Campus campus, double effect) {}

  /** Four, and one more each time the school doubles. */
  private static int campusCount(double scale) {
    int more = 0;
    for (double size = 2; size <= scale; size *= 2) {
      more++;
    }
    return Math.min(4 + more, Campus.ALL.size());
  }

  int students() {
    return Math.max(1, (int) Math.round(STUDENTS * scale));
  }

  List<Campus> campuses() {
    return campuses;
  }

  List<SchoolEvent> events() {
    return events;
  }

  /** Lessons that students of a year at a campus attend. */
  List<Lesson> lessons(Campus campus, int year) {
    return lessons.get(campus.id() - 1).get(year);
  }

  /** The campus for a number from 0 to below 1, each as likely as its size. */
  Campus campusAt(double unit) {
    double left = unit * campuses.stream().mapToDouble(Campus::size).sum();
    for (Campus campus : campuses) {
      left -= campus.size();
      if (left < 0) {
        return campus;
      }
    }
    return campuses.get(campuses.size() - 1);
  }

  /** The id before the first company of the campus's town; they follow each other. */
  int companiesBefore(Campus campus) {
    double all = campuses.stream().mapToDouble(Campus::companies).sum();
    double before = campuses.stream().limit(campus.id() - 1L).mapToDouble(Campus::companies).sum();
    return (int) Math.round(companies() * before / all);
  }

  int companies(Campus campus) {
    int end =
        campus.id() == campuses.size() ? companies() : companiesBefore(campuses.get(campus.id()));
    return end - companiesBefore(campus);
  }

  int companies() {
    return Math.max(campuses.size(), (int) Math.round(COMPANIES * scale));
  }

  /** Companies per student of the campus, by that of the whole school. */
  double companyDensity(Campus campus) {
    double allCompanies = campuses.stream().mapToDouble(Campus::companies).sum();
    double allStudents = campuses.stream().mapToDouble(Campus::size).sum();
    return (campus.companies() / allCompanies) / (campus.size() / allStudents);
  }

  /**
   * The event of a kind that a campus held in a season, {@code number} 0 or 1 telling apart two.
   */
  SchoolEvent event(Campus campus, int season, SchoolEvent.Type type, int number) {
    int first = ((season - FIRST_SEASON) * campuses.size() + campus.id() - 1) * EVENTS_PER_SEASON;
    int place =
        switch (type) {
          case SALON -> 2 * number;
          case PO -> 1 + 3 * number;
          case IMMERSION -> 3;
        };
    return events.get(first + place);
  }

  private List<SchoolEvent> makeEvents() {
    List<SchoolEvent> made = new ArrayList<>();
    for (int season = FIRST_SEASON; season <= LAST_SEASON; season++) {
      for (Campus campus : campuses) {
        addEvent(made, campus, season, SchoolEvent.Type.SALON, LocalDate.of(season - 1, 11, 15));
        addEvent(made, campus, season, SchoolEvent.Type.PO, LocalDate.of(season, 2, 5));
        addEvent(made, campus, season, SchoolEvent.Type.SALON, LocalDate.of(season, 3, 10));
        addEvent(made, campus, season, SchoolEvent.Type.IMMERSION, LocalDate.of(season, 4, 8));
        addEvent(made, campus, season, SchoolEvent.Type.PO, LocalDate.of(season, 5, 12));
      }
    }
    return List.copyOf(made);
  }

  private void addEvent(
      List<SchoolEvent> made, Campus campus, int season, SchoolEvent.Type type, LocalDate about) {
    int id = made.size() + 1;
    long day = about.toEpochDay() + Draw.of(seed, Kinds.EVENT, id).below(10);
    String description =
        type.french() + " " + campus.town() + " " + LocalDate.ofEpochDay(day).getYear();
    made.add(new SchoolEvent(id, type, season, day, campus, description));
  }

  private List<List<List<Lesson>>> makeLessons() {
    List<List<List<Lesson>>> made = new ArrayList<>();
    int id = 0;
    int professor = 0;
    for (Campus campus : campuses) {
      List<List<Lesson>> years = new ArrayList<>();
      for (int year = 0; year < Curriculum.years(); year++) {
        List<Lesson> list = new ArrayList<>();
        for (Curriculum.Subject subject : Curriculum.subjects(year)) {
          professor++;
          for (int i = 0; i < LESSONS_PER_SUBJECT; i++) {
            id++;
            long day = lessonDay(Draw.of(seed, Kinds.LESSON, id));
            list.add(new Lesson(id, day, subject.id(), professor, campus, Effects.ofDay(day)));
          }
        }
        years.add(List.copyOf(list));
      }
      made.add(List.copyOf(years));
    }
    return List.copyOf(made);
  }

  private static long lessonDay(Draw draw) {
    long first = LocalDate.of(SCHOOL_YEAR, Month.OCTOBER, 1).toEpochDay();
    long last = LocalDate.of(SCHOOL_YEAR + 1, Month.JUNE, 19).toEpochDay();
    return workday(first + draw.below((int) (last - first + 1)));
  }

  /** The day, or the one before it if it is on a weekend, spread over the week. */
  static long workday(long day) {
    DayOfWeek weekday = LocalDate.ofEpochDay(day).getDayOfWeek();
    return switch (weekday) {
      case SATURDAY -> day - 3;
      case SUNDAY -> day - 5;
      case MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY -> day;
    };
  }
}
