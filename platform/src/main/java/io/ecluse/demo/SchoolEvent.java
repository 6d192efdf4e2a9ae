package io.ecluse.demo;

/**
 * An event at which the generated school meets prospects.
 *
 * @param season the year in which those it meets would enrol
 * @param day since 1970
 */
record SchoolEvent(int id, Type type, int season, long day, Campus campus, String description) {

  /** Kinds of event, from the least to the most telling of who will enrol. */
  enum Type {
    SALON("salon", "Salon de l'étudiant", 0),
    PO("PO", "Portes ouvertes", 3),
    IMMERSION("immersion", "Journée d'immersion", 5);

    private final String written;
    private final String french;
    private final double gradeEffect;

    Type(String written, String french, double gradeEffect) {
      this.written = written;
      this.french = french;
      this.gradeEffect = gradeEffect;
    }

    String written() {
      return written;
    }

    String french() {
      return french;
    }

    /** Points on the grades of students whom the school first met so. */
    double gradeEffect() {
      return gradeEffect;
    }
  }
}
