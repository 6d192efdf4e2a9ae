package io.ecluse.demo;

import java.util.Optional;

/**
 * A generated student.
 *
 * @param year of studies, counted from 0
 * @param met the events at which they were prospects, the earlier first
 * @param company of their apprenticeship
 * @param attendance the chance that they come to a lesson on a day like any other
 * @param level the mean of their grades as it is meant to be
 * @param joined and {@code left} as days since 1970
 */
record Student(
    int id,
    People.Name name,
    Campus campus,
    int year,
    Origin origin,
    long born,
    long joined,
    Optional<Long> left,
    Meetings met,
    Optional<Integer> company,
    double attendance,
    double level) {

  /** Where they studied before, which the domain of their e-mail tells. */
  enum Origin {
    PREPA("prepa.example", 5),
    IUT("iut.example", 2),
    LYCEE("lycee.example", 0),
    UNIVERSITE("universite.example", -2),
    PRIVATE("courriel.example", 0);

    private final String domain;
    private final double gradeEffect;

    Origin(String domain, double gradeEffect) {
      this.domain = domain;
      this.gradeEffect = gradeEffect;
    }

    String domain() {
      return domain;
    }

    double gradeEffect() {
      return gradeEffect;
    }
  }

  /** None, one or two events. */
  record Meetings(Optional<SchoolEvent> first, Optional<SchoolEvent> second) {
    static final Meetings NONE = new Meetings(Optional.empty(), Optional.empty());
  }

  String schoolEmail() {
    // one in ten has no number, so that namesakes share an address, as in real ERPs
    return name.plain() + (id % 10 == 0 ? "" : id) + "@supinfo.example";
  }

  String personalEmail() {
    return name.plain() + "." + id + "@" + origin.domain();
  }

  boolean isThere(long day) {
    return joined <= day && left.map(last -> day <= last).orElse(true);
  }
}
