package io.ecluse.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import io.ecluse.Servers;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.Discovery;
import io.ecluse.source.PersonalGuess;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresDiscoveryTest {
  private static String database;
  private static Discovery discovery;
  private static final List<String> LOOKED = new ArrayList<>();

  @BeforeAll
  static void discover() {
    database = UnknownErp.make();
    discovery =
        new PostgresInspection(UnknownErp.settings(database, "scolarite"))
            .discover((what, done, total) -> LOOKED.add(done + "/" + total + " " + what));
  }

  private static Discovery.Found stream(String name) {
    return discovery.streams().stream()
        .filter(s -> s.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("No stream " + name));
  }

  private static Map<String, PersonalGuess> personal(String stream) {
    Map<String, PersonalGuess> guesses = new TreeMap<>();
    stream(stream)
        .columns()
        .forEach(c -> c.personal().ifPresent(p -> guesses.put(c.staged().column().name(), p)));
    return guesses;
  }

  @Test
  void proposesTablesAndPartitionedTablesThatHoldRows() {
    assertThat(discovery.system()).startsWith("PostgreSQL ");
    assertThat(discovery.streams())
        .extracting(Discovery.Found::name)
        .containsExactlyInAnyOrder(
            "Notes & \"avis\": 100%", "etudiants", "jamais_comptee", "matieres", "presences");
    assertThat(stream("etudiants").rows()).contains(300L);
    assertThat(stream("etudiants").bytes()).isGreaterThan(8192);
    assertThat(stream("etudiants").description())
        .startsWith("Tous ceux qui étudient : \"actuels\"");
    assertThat(stream("jamais_comptee").rows()).isEmpty();
  }

  @Test
  void addsUpThePartitionsOfATable() {
    assertThat(stream("presences").rows()).contains(300L);
    assertThat(stream("presences").notes()).containsExactly("2 partitions", "no primary key");
  }

  @Test
  void saysWhatItLeavesOutAndWhy() {
    assertThat(discovery.leftOut())
        .extracting(Discovery.LeftOut::name, l -> l.why().split("[:;]")[0])
        .containsExactlyInAnyOrder(
            tuple("actifs", "a view"),
            tuple("bourses", "a foreign table"),
            tuple("effectifs", "a materialised view"),
            tuple("tampon", "an unlogged table"),
            tuple("vide", "holds no row yet"),
            tuple("a.b", "its name holds a character that no stream's may hold"));
  }

  @Test
  void takesPrimaryKeysInTheirOwnOrder() {
    assertThat(stream("matieres").notes())
        .containsExactly("perhaps mode: incremental by cursor: date_modif");
    assertThat(stream("matieres").primaryKey()).containsExactly("annee", "code");
  }

  @Test
  void saysWhichColumnsLandOtherwise() {
    assertThat(stream("etudiants").columns())
        .filteredOn(c -> c.landing().isPresent())
        .extracting(c -> c.staged().column().name(), Discovery.FoundColumn::landing)
        .containsExactly(tuple("profil", Optional.of("jsonb, lands as text")));
    assertThat(stream("matieres").columns())
        .filteredOn(c -> c.landing().isPresent())
        .extracting(c -> c.staged().column().name())
        .containsExactly("duree");
  }

  @Test
  void marksPersonalDataByNameByTypeAndByWhatTheValuesLookLike() {
    assertThat(personal("etudiants"))
        .containsExactly(
            entry(
                "contact2", new PersonalGuess("contact", "its values look like telephone numbers")),
            entry("courriel", new PersonalGuess("contact", "by its name: courriel")),
            entry("date_naissance", new PersonalGuess("birth", "by its name: date naissance")),
            entry("nom", new PersonalGuess("identity", "by its name: nom")),
            entry("notes", new PersonalGuess("contact", "some values hold an e-mail address")),
            entry("prenom", new PersonalGuess("identity", "by its name: prenom")));
    assertThat(personal("presences"))
        .containsExactly(entry("adresse", new PersonalGuess("online", "by its type: inet")));
    assertThat(personal("matieres")).isEmpty();
  }

  @Test
  void neverTellsAValue() {
    assertThat(discovery.toString()).doesNotContain("secret.person").doesNotContain("06 12");
  }

  @Test
  void tellsHowFarItIs() {
    assertThat(LOOKED).hasSize(11).first().asString().startsWith("0/11 ");
  }

  @Test
  void looksAtABigTableThroughASampleOfItsPages() {
    String big = Servers.newDatabase();
    Servers.execute(
        big,
        """
        CREATE TABLE log AS SELECT i AS id, 'u' || i || '@ecole.example' AS who, repeat('x', 300) AS filler
          FROM generate_series(1, 60000) t(i);
        ANALYZE log;
        """);

    Discovery found =
        new PostgresInspection(UnknownErp.settings(big, "public")).discover((w, d, t) -> {});

    assertThat(found.streams().get(0).bytes()).isGreaterThan(8L << 20);
    assertThat(found.streams().get(0).notes()).containsExactly("no primary key");
    assertThat(found.streams().get(0).columns().get(1).personal())
        .contains(new PersonalGuess("contact", "its values look like e-mail addresses"));
  }

  @Test
  void goesOnWithoutATableThatIsLockedOrClosed() throws Exception {
    String busy = Servers.newDatabase();
    Servers.execute(
        busy,
        """
        CREATE TABLE students AS SELECT 1 AS id, 'x'::text AS email;
        CREATE TABLE grades AS SELECT 1 AS id, 'x'::text AS remark;
        CREATE TABLE payroll AS SELECT 1 AS id;
        ANALYZE;
        """);
    PostgresSourceSettings reader = UnknownErp.reader(busy, "public");
    Servers.execute(busy, "GRANT SELECT ON students, grades TO " + reader.server().user());
    try (Connection holder = Servers.server().connect(busy);
        Statement statement = holder.createStatement()) {
      holder.setAutoCommit(false);
      statement.execute("LOCK TABLE grades IN ACCESS EXCLUSIVE MODE");

      Discovery found = new PostgresInspection(reader).discover((w, d, t) -> {});

      assertThat(found.streams())
          .extracting(Discovery.Found::name, Discovery.Found::notes)
          .containsExactly(
              tuple("grades", List.of("no primary key", "not sampled: it is locked just now")),
              tuple("students", List.of("no primary key")));
      assertThat(found.leftOut())
          .containsExactly(
              new Discovery.LeftOut(
                  "payroll",
                  "may not be read; run there: GRANT SELECT ON \"public\".\"payroll\" TO \"%s\";"
                      .formatted(reader.server().user())));
    }
  }

  @Test
  void saysWhichSchemasThereAreWhenTheOneNamedIsNotOrIsEmpty() {
    assertThatThrownBy(
            () ->
                new PostgresInspection(UnknownErp.settings(database, "scolarité"))
                    .discover((w, d, t) -> {}))
        .hasMessageContaining("there is no schema scolarité in database " + database)
        .hasMessageContaining("public (0 tables), scolarite (8 tables)")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.SOURCE_MISSING_STREAM);
    assertThat(
            new PostgresInspection(UnknownErp.settings(database, "public"))
                .discover((w, d, t) -> {})
                .notes())
        .containsExactly(
            "the schema public holds no table; the schemas there are: public (0 tables), scolarite (8 tables)");
  }

  @Test
  void saysWhatToGrantWhenTheSchemaIsClosed() {
    PostgresSourceSettings reader = UnknownErp.reader(database, "scolarite");

    assertThatThrownBy(() -> new PostgresInspection(reader).discover((w, d, t) -> {}))
        .hasMessageContaining(
            "GRANT USAGE ON SCHEMA \"scolarite\" TO \"%s\";".formatted(reader.server().user()))
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.SOURCE_REFUSED);
  }
}
