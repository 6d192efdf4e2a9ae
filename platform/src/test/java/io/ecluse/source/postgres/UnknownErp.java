package io.ecluse.source.postgres;

import io.ecluse.Servers;
import java.time.Duration;

/**
 * A database as one meets them: comments, partitions, odd names, views, and people in all of it.
 */
final class UnknownErp {
  static final String READER_PASSWORD = "reader's pass:word";

  private UnknownErp() {}

  /** Fills a new database and returns its name. */
  static String make() {
    String database = Servers.newDatabase();
    Servers.execute(
        database,
        """
        CREATE SCHEMA scolarite;
        SET search_path = scolarite;
        CREATE TABLE etudiants (id int PRIMARY KEY, nom text, prenom varchar(40), courriel text,
          date_naissance date, actif boolean, notes text, profil jsonb, contact2 text, code char(4));
        COMMENT ON TABLE etudiants IS 'Tous ceux qui étudient : "actuels" et
        anciens # depuis 1990';
        COMMENT ON COLUMN etudiants.code IS 'ASC1 à MSC2';
        INSERT INTO etudiants SELECT i, 'Nom' || i, 'Prénom', 'e' || i || '@ecole.example', '2000-01-01', true,
          CASE WHEN i = 7 THEN 'appeler secret.person@mail.example' END, '{}',
          '06 12 34 56 ' || lpad((i % 100)::text, 2, '0'), 'ASC1'
          FROM generate_series(1, 300) t(i);
        CREATE TABLE matieres (code varchar(5), annee int, nom text, duree interval, "date_modif" timestamp, PRIMARY KEY (annee, code));
        INSERT INTO matieres VALUES ('1ABC', 1, 'Algèbre', '2 hours');
        CREATE TABLE presences (id bigint, jour date, adresse inet) PARTITION BY RANGE (jour);
        CREATE TABLE presences_2024 PARTITION OF presences FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
        CREATE TABLE presences_2025 PARTITION OF presences FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
        INSERT INTO presences SELECT i, '2024-06-01'::date + i, '10.0.0.1' FROM generate_series(1, 300) t(i);
        CREATE TABLE "Notes & ""avis"": 100%" ("clé: #1" int PRIMARY KEY, "true" int, "l'âge" int[]);
        INSERT INTO "Notes & ""avis"": 100%" VALUES (1, 2, '{3}');
        CREATE TABLE jamais_comptee AS SELECT 1 AS n;
        CREATE TABLE vide (id int);
        CREATE UNLOGGED TABLE tampon AS SELECT 1 AS n;
        CREATE TABLE "a.b" AS SELECT 1 AS n;
        CREATE FOREIGN DATA WRAPPER ailleurs;
        CREATE SERVER autre FOREIGN DATA WRAPPER ailleurs;
        CREATE FOREIGN TABLE bourses (id int) SERVER autre;
        CREATE VIEW actifs AS SELECT * FROM etudiants WHERE actif;
        CREATE MATERIALIZED VIEW effectifs AS SELECT count(*) FROM etudiants;
        ANALYZE etudiants, matieres, presences, presences_2024, presences_2025, "Notes & ""avis"": 100%";
        """);
    return database;
  }

  static PostgresSourceSettings settings(String database, String schema) {
    return settings(LocalErp.server(database), schema);
  }

  static PostgresSourceSettings settings(PostgresSourceSettings.Server server, String schema) {
    return LocalErp.plain("erp", server, schema, 3, Duration.ofMinutes(5), Duration.ofSeconds(5));
  }

  /** As a user who may do nothing yet, named after the database so that tests do not meet. */
  static PostgresSourceSettings reader(String database, String schema) {
    String user = "reader_" + database;
    Servers.execute(
        database,
        "CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(user, READER_PASSWORD.replace("'", "''")));
    return settings(
        LocalErp.server(Servers.server().port(), database, user, READER_PASSWORD), schema);
  }
}
