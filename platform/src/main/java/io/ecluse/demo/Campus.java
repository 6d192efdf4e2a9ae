package io.ecluse.demo;

import java.util.List;

/**
 * A campus of the generated school.
 *
 * @param id also its place in {@link #ALL}, counted from 1
 * @param city where the campus stands, which may be outside the town
 * @param town where its events and companies are
 * @param size its part of the students, before all are scaled to add up to 1
 * @param companies its part of the companies, likewise
 * @param gradeEffect points on every grade there
 */
record Campus(
    int id,
    String city,
    String zip,
    String region,
    String town,
    String townZip,
    double size,
    double companies,
    double gradeEffect) {

  static final List<Campus> ALL =
      List.of(
          new Campus(1, "Cesson-Sévigné", "35510", "Bretagne", "Rennes", "35000", 17, 12, 1.5),
          new Campus(2, "Nantes", "44200", "Pays de la Loire", "Nantes", "44000", 21, 22, 3),
          new Campus(3, "Paris", "75015", "Île-de-France", "Paris", "75000", 36, 48, -1.5),
          new Campus(
              4, "Villeneuve-d'Ascq", "59650", "Hauts-de-France", "Lille", "59000", 26, 18, 0),
          new Campus(5, "Lyon", "69007", "Auvergne-Rhône-Alpes", "Lyon", "69000", 24, 28, 0),
          new Campus(6, "Pessac", "33600", "Nouvelle-Aquitaine", "Bordeaux", "33000", 18, 16, 0),
          new Campus(7, "Toulouse", "31000", "Occitanie", "Toulouse", "31000", 18, 20, 1),
          new Campus(
              8,
              "Marseille",
              "13002",
              "Provence-Alpes-Côte d'Azur",
              "Marseille",
              "13000",
              17,
              14,
              0),
          new Campus(9, "Schiltigheim", "67300", "Grand Est", "Strasbourg", "67000", 12, 10, 0),
          new Campus(10, "Montpellier", "34000", "Occitanie", "Montpellier", "34000", 11, 9, 1),
          new Campus(11, "Nice", "06000", "Provence-Alpes-Côte d'Azur", "Nice", "06000", 10, 8, 0),
          new Campus(12, "Meylan", "38240", "Auvergne-Rhône-Alpes", "Grenoble", "38000", 10, 9, 0),
          new Campus(13, "Tours", "37000", "Centre-Val de Loire", "Tours", "37000", 8, 6, 0),
          new Campus(14, "Hérouville-Saint-Clair", "14200", "Normandie", "Caen", "14000", 8, 5, 0),
          new Campus(15, "Dijon", "21000", "Bourgogne-Franche-Comté", "Dijon", "21000", 7, 5, 0),
          new Campus(16, "Reims", "51100", "Grand Est", "Reims", "51100", 7, 5, 0));

  /** Far from where students live and work. */
  boolean isOutOfTown() {
    return !city.equals(town);
  }

  String name() {
    return "Supinfo " + town;
  }
}
