package io.ecluse.demo;

import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;

/** Rows of the school itself: campuses, professors, events, subjects, lessons, companies. */
record SchoolRows(long seed, School school) {
  private static final List<String> STREETS =
      List.of(
          "rue des Écluses",
          "quai du Canal",
          "avenue des Lilas",
          "rue du Moulin",
          "place du Marché",
          "boulevard du Port",
          "rue de la Gare",
          "allée des Tilleuls",
          "rue Haute",
          "chemin Vert");

  /** Numbers that are kept for fiction in France (ARCEP). */
  private static final List<String> PHONES =
      List.of("01 99 00", "02 61 91", "03 53 01", "04 65 71", "05 36 49");

  void campuses(CopyWriter copy) throws SQLException {
    for (Campus campus : school.campuses()) {
      copy.row()
          .integer(campus.id())
          .text(campus.name())
          .text(address(Draw.of(seed, Kinds.EVENT, -campus.id())))
          .text(campus.city())
          .text(campus.zip())
          .text(campus.region())
          .text("France");
    }
  }

  void professors(CopyWriter copy) throws SQLException {
    int id = 0;
    for (Campus campus : school.campuses()) {
      for (int year = 0; year < Curriculum.years(); year++) {
        for (Curriculum.Subject subject : Curriculum.subjects(year)) {
          id++;
          Draw draw = Draw.of(seed, Kinds.PROFESSOR, id);
          People.Name name = People.name(draw);
          copy.row()
              .integer(id)
              .text(name.first())
              .text(name.last())
              .text(name.plain() + "@profs.supinfo.example")
              .text(name.gender().written())
              .date(LocalDate.of(1960, 1, 1).toEpochDay() + draw.below(365 * 35))
              .text(subject.id())
              .integer(campus.id());
        }
      }
    }
  }

  void events(CopyWriter copy) throws SQLException {
    for (SchoolEvent event : school.events()) {
      copy.row()
          .integer(event.id())
          .text(event.type().written())
          .date(event.day())
          .integer(event.campus().id())
          .text(event.campus().town())
          .text(event.description());
    }
  }

  void subjects(CopyWriter copy) throws SQLException {
    for (int year = 0; year < Curriculum.years(); year++) {
      for (Curriculum.Subject subject : Curriculum.subjects(year)) {
        copy.row().text(subject.id()).text(subject.name()).text(Curriculum.PROMOTIONS.get(year));
      }
    }
  }

  void lessons(CopyWriter copy) throws SQLException {
    for (Campus campus : school.campuses()) {
      for (int year = 0; year < Curriculum.years(); year++) {
        for (School.Lesson lesson : school.lessons(campus, year)) {
          copy.row()
              .integer(lesson.id())
              .date(lesson.day())
              .text(lesson.subject())
              .integer(lesson.professor())
              .integer(campus.id());
        }
      }
    }
  }

  void companies(CopyWriter copy) throws SQLException {
    for (Campus campus : school.campuses()) {
      int before = school.companiesBefore(campus);
      for (int id = before + 1; id <= before + school.companies(campus); id++) {
        company(copy, id, campus);
      }
    }
  }

  private void company(CopyWriter copy, int id, Campus campus) throws SQLException {
    Draw draw = Draw.of(seed, Kinds.COMPANY, id);
    String brand = People.brand(draw);
    String trade = draw.oneOf(People.trades());
    copy.row()
        .integer(id)
        .text(brand + " " + trade)
        .text(
            String.format(
                Locale.ROOT, "%s %02d %02d", draw.oneOf(PHONES), draw.below(100), draw.below(100)))
        .text("contact@" + brand.toLowerCase(Locale.ROOT) + id + ".example")
        .text(trade)
        .text(address(draw))
        .text(campus.town())
        .text(campus.townZip())
        .text("France");
  }

  private static String address(Draw draw) {
    return draw.between(1, 120) + " " + draw.oneOf(STREETS);
  }
}
