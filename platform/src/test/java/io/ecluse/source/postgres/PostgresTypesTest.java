package io.ecluse.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.Servers;
import io.ecluse.error.EcluseException;
import io.ecluse.schema.Column;
import io.ecluse.schema.ContentSums;
import io.ecluse.schema.RowsWanted;
import io.ecluse.schema.TableName;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.ImpactLimits;
import io.ecluse.source.Landing;
import io.ecluse.source.PartEncoder;
import io.ecluse.source.SilentListener;
import io.ecluse.source.StagedWarehouse;
import io.ecluse.source.Terms;
import io.ecluse.staging.BatchManifest;
import io.ecluse.warehouse.ReadView;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.c.ArrowArrayStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every type of a stock PostgreSQL: what the server itself sums up is what is in staging and in the
 * warehouse; and what lands as text is the server's own text.
 */
class PostgresTypesTest {
  /** Type of a column, its values, and the type as which it lands. */
  private static final String TYPES =
      """
      int2 | '-32768', '32767', '0' | INTEGER
      int4 | '-2147483648', '2147483647', '0' | INTEGER
      int8 | '-9223372036854775808', '9223372036854775807', '9007199254740993' | BIGINT
      numeric(38,0) | '99999999999999999999999999999999999999', '-1', '0' | DECIMAL(38,0)
      numeric(12,3) | '-123456789.987', '0.001', '0' | DECIMAL(12,3)
      numeric(60,20) | '1234567890123456789012345678901234567890.5', '-0.00000000000000000001', '0' | VARCHAR
      numeric | 'NaN', '12345678901234567890123456789012345678901234567890.123456789', '-0.5' | VARCHAR
      float4 | 'NaN', '-Infinity', '-0', '3.4028235e38', '1e-45', '0.1' | REAL
      float8 | 'NaN', 'Infinity', '-0', '1.7976931348623157e308', '5e-324', '0.1' | DOUBLE
      money | '12.34', '-92233720368547758.08', '0' | VARCHAR
      text | 'Cesson-Sévigné 😀', '', E'tab\\tline\\nquote"''\\\\' | VARCHAR
      varchar(30) | 'é', '', '  blanks  ' | VARCHAR
      char(4) | 'ab', '', 'abcd' | VARCHAR
      "char" | 'a', 'b', '' | VARCHAR
      name | 'students', '', 'x' | VARCHAR
      bytea | '\\x00ff', '\\x', '\\xdeadbeef' | BLOB
      bool | 'true', 'false', 'true' | BOOLEAN
      date | '4713-01-01 BC', '0001-01-01', '1970-01-01', '9999-12-31' | DATE
      timestamp | '4713-01-01 00:00:00 BC', '1969-12-31 23:59:59.999999', '9999-12-31 23:59:59.999999' | TIMESTAMP
      timestamptz | '0044-03-15 12:00:00+00 BC', '2026-03-29 02:30:00+01', '9999-12-31 23:59:59.999999+00' | TIMESTAMPTZ
      time | '00:00:00', '23:59:59.999999', '24:00:00' | VARCHAR
      timetz | '00:00:00+14', '23:59:59.999999-12', '12:34:56+05:30' | VARCHAR
      interval | '178000000 years', '-1 mon +2 days -03:04:05.000006', '0' | VARCHAR
      uuid | '123e4567-e89b-12d3-a456-426614174000', '00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff' | UUID
      json | '{"b": 1,  "a": [1, null]}', '"text"', 'null' | VARCHAR
      jsonb | '{"b": 1,  "a": [1, null]}', '"é"', 'null' | VARCHAR
      xml | '<a b="é">1</a>', 'text only', NULL | VARCHAR
      jsonpath | '$.a[*] ? (@ > 1)', '$', '$.b' | VARCHAR
      int[] | '{1,NULL,3}', '{}', '[0:1]={7,8}' | VARCHAR
      text[][] | '{{"a,b",NULL},{"c\\"d",""}}', '{}', '{{x}}' | VARCHAR
      timestamptz[] | '{"2020-01-01 00:00:00+00",infinity}', '{}', NULL | VARCHAR
      mood | 'glad', 'sad', NULL | VARCHAR
      code | 'ab', '', NULL | VARCHAR
      place | '(12,"rue de l''Écluse")', '(,)', NULL | VARCHAR
      place[] | '{"(1,a)","(2,)"}', '{}', NULL | VARCHAR
      int4range | '[1,5)', 'empty', '(,)' | VARCHAR
      numrange | '[1.5,2.5]', '[,0)', NULL | VARCHAR
      tstzrange | '[2020-01-01 00:00:00+00,infinity)', 'empty', NULL | VARCHAR
      daterange | '[2020-01-01,2021-01-01)', 'empty', NULL | VARCHAR
      int4multirange | '{[1,3),[5,8)}', '{}', NULL | VARCHAR
      bit(8) | '10101010', '00000000', NULL | VARCHAR
      varbit | '101', '', NULL | VARCHAR
      inet | '192.168.0.1/24', '::1', '2001:db8::/32' | VARCHAR
      cidr | '10.0.0.0/8', '2001:db8::/32', NULL | VARCHAR
      macaddr | '08:00:2b:01:02:03', 'ff:ff:ff:ff:ff:ff', NULL | VARCHAR
      macaddr8 | '08:00:2b:01:02:03:04:05', '08:00:2b:01:02:03', NULL | VARCHAR
      point | '(1.5,-2)', '(NaN,Infinity)', NULL | VARCHAR
      line | '{1,2,3}', '{0,1,0}', NULL | VARCHAR
      lseg | '[(0,0),(1,1)]', '[(0,0),(0,0)]', NULL | VARCHAR
      box | '(1,1),(0,0)', '(0,0),(0,0)', NULL | VARCHAR
      path | '[(0,0),(1,1)]', '((0,0),(1,1),(2,0))', NULL | VARCHAR
      polygon | '((0,0),(1,1),(2,0))', '((0,0))', NULL | VARCHAR
      circle | '<(0,0),5>', '<(1,1),0>', NULL | VARCHAR
      tsvector | 'fat:2,4 cat:3 rat:5A', '', NULL | VARCHAR
      tsquery | 'fat & !rat', '', NULL | VARCHAR
      pg_lsn | '16/B374D848', '0/0', NULL | VARCHAR
      oid | '4294967295', '0', NULL | VARCHAR
      xid | '42', '0', NULL | VARCHAR
      regclass | 'pg_class', '0', NULL | VARCHAR
      txid_snapshot | '10:20:10,14,15', '1:1:', NULL | VARCHAR
      """;

  @TempDir Path folder;
  private final String erp = Servers.newDatabase();
  private final Map<String, String> landsAs = new LinkedHashMap<>();
  private StagedWarehouse stage;

  @BeforeEach
  void open() {
    stage = new StagedWarehouse(folder);
    Servers.execute(
        erp,
        "CREATE TYPE mood AS ENUM ('glad', 'sad'); CREATE DOMAIN code AS varchar(5); CREATE TYPE place AS (number int, street text)");
  }

  @AfterEach
  void close() {
    stage.close();
  }

  private void createTables() {
    int number = 0;
    for (String line : TYPES.lines().toList()) {
      String[] words = line.split("\\|");
      String type = words[0].strip();
      String table = "t%02d".formatted(number++);
      landsAs.put(table, words[2].strip());
      StringBuilder values = new StringBuilder("(1, NULL)");
      int id = 2;
      for (String value : words[1].strip().split(", (?=E?'|NULL)")) {
        values.append(", (").append(id++).append(", ").append(value).append(')');
      }
      Servers.execute(
          erp,
          "CREATE TABLE %s (id int PRIMARY KEY, v %s); INSERT INTO %s VALUES %s"
              .formatted(table, type, table, values));
    }
  }

  private PostgresSource source(PartEncoder encoder) {
    return new PostgresSource(
        LocalErp.settings(
            LocalErp.server(erp),
            2,
            ImpactLimits.NONE,
            0,
            new LocalErp.Ranges(64, Terms.Compare.CHECKSUMS)),
        new Landing.Stage(stage.staging(), encoder, Clock.systemUTC()));
  }

  private List<BatchManifest> extract(PartEncoder encoder) {
    return source(encoder)
        .extract(
            new ExtractRequest("x1", "run1", List.of(), RowsWanted.AS_PLANNED),
            new SilentListener());
  }

  @Test
  void everyTypeIsInTheWarehouseWhatItIsInTheSource() throws SQLException {
    createTables();

    List<BatchManifest> batches = extract(stage.engine().parts());
    stage.load("run1", batches);

    assertThat(batches).hasSameSizeAs(landsAs.keySet());
    for (BatchManifest batch : batches) {
      String table = batch.stream();
      assertThat(batch.columns().get(1).column().type().sql())
          .as(batch.columns().get(1).sourceType())
          .isEqualTo(landsAs.get(table));
      ContentSums staged = batch.parts().get(0).sums().orElseThrow();
      assertThat(stage.engine().sums(new TableName("erp", table), ReadView.PUBLISHED))
          .as(batch.columns().get(1).sourceType())
          .isEqualTo(staged);
      if (landsAs.get(table).equals("VARCHAR")) {
        assertThat(
                stage.value(
                    "SELECT string_agg(coalesce(v, 'NULL'), '|' ORDER BY id) FROM erp." + table))
            .isEqualTo(
                inSource(
                    "SELECT string_agg(coalesce(CASE WHEN v::text IS NULL THEN NULL ELSE format('%s', v) END, 'NULL'), '|' ORDER BY id) FROM "
                        + table));
      }
    }
  }

  /** What the source sums up is compared by the extract itself. */
  @Test
  void decimalsOfEverySizeAreWhatTheyAreInTheSource() {
    String sizes =
        "1,0 1,1 4,4 5,0 9,2 10,2 16,3 17,0 18,0 18,1 18,4 18,18 19,0 19,3 20,2 22,21 37,5 38,0 38,1 38,10 38,38";
    for (String size : sizes.split(" ")) {
      int precision = Integer.parseInt(size.split(",")[0]);
      String scale = size.split(",")[1];
      Servers.execute(
          erp,
          """
          CREATE TABLE "n%1$s" (id int PRIMARY KEY, v numeric(%1$s));
          INSERT INTO "n%1$s" SELECT i, left(translate(md5(i::text) || md5((-i)::text), 'abcdef', '012990'), 1 + i %% %2$d)::numeric
            * ('1e-%3$s')::numeric * CASE WHEN i %% 3 = 0 THEN -1 ELSE 1 END FROM generate_series(1, 2000) t(i);
          INSERT INTO "n%1$s" SELECT -i, repeat('9', i)::numeric * ('1e-%3$s')::numeric FROM generate_series(1, %2$d) t(i);
          INSERT INTO "n%1$s" SELECT -100 - i, ('1' || repeat('0', i - 1))::numeric * ('-1e-%3$s')::numeric FROM generate_series(1, %2$d) t(i);
          """
              .formatted(size, precision, scale));
    }

    List<BatchManifest> batches = extract(stage.engine().parts());

    assertThat(batches).hasSameSizeAs(sizes.split(" "));
    assertThat(batches).allMatch(b -> b.rows() >= 2000 && b.parts().get(0).sums().isPresent());
  }

  @Test
  void aRowThatCannotLandLeavesItsNeighboursAsTheyAre() throws SQLException {
    Servers.execute(
        erp,
        """
        CREATE TABLE odd (id int PRIMARY KEY, a text, b boolean, c uuid, n numeric(20,2), d date, e text);
        INSERT INTO odd SELECT i, CASE WHEN i % 3 > 0 THEN repeat('a', i % 50) END, CASE WHEN i % 4 > 0 THEN i % 2 = 0 END,
          CASE WHEN i % 5 > 0 THEN md5(i::text)::uuid END, CASE WHEN i % 7 > 0 THEN i * 1000000000000.01 END,
          CASE WHEN i % 9 = 0 THEN 'infinity'::date WHEN i % 4 > 0 THEN date '2000-01-01' + i END,
          CASE WHEN i % 2 = 0 THEN 'after ' || i END
        FROM generate_series(1, 40000) t(i);
        """);
    PostgresSource source =
        new PostgresSource(
            LocalErp.settings(
                LocalErp.server(erp),
                1,
                ImpactLimits.NONE,
                5000,
                new LocalErp.Ranges(64, Terms.Compare.COUNTS)),
            new Landing.Stage(stage.staging(), stage.engine().parts(), Clock.systemUTC()));
    String all =
        "md5(string_agg(concat_ws('|', id, coalesce(a, '-'), coalesce(CASE WHEN b THEN 't' ELSE 'f' END, '-'), coalesce(c::varchar, '-'), coalesce(n::varchar, '-'), coalesce(d::varchar, '-'), coalesce(e, '-')), ' ' ORDER BY id))";

    List<BatchManifest> batches =
        source.extract(
            new ExtractRequest("x1", "run1", List.of(), RowsWanted.AS_PLANNED),
            new SilentListener());
    stage.load("run1", batches);

    assertThat(batches.get(0).rejected().rows()).isEqualTo(4444);
    assertThat(stage.value("SELECT " + all + " FROM erp.odd"))
        .isEqualTo(inSource("SELECT " + all + " FROM odd WHERE d IS NULL OR isfinite(d)"));
  }

  private String inSource(String sql) throws SQLException {
    try (Connection connection = Servers.server().connect(erp);
        Statement statement = connection.createStatement()) {
      statement.execute("SET IntervalStyle = 'iso_8601'");
      try (ResultSet rows = statement.executeQuery(sql)) {
        rows.next();
        return rows.getString(1);
      }
    }
  }

  @Test
  void generatedAndIdentityColumnsAreColumnsLikeAnyOther() {
    Servers.execute(
        erp,
        """
        CREATE TABLE made (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, serial serial, a int,
          twice int GENERATED ALWAYS AS (a * 2) STORED, "Œuf, dur" text DEFAULT 'x', gone int);
        ALTER TABLE made DROP COLUMN gone;
        INSERT INTO made (a) VALUES (1), (2), (NULL);
        """);

    stage.load("run1", extract(stage.engine().parts()));

    assertThat(
            stage.value(
                "SELECT count(*) || ' ' || sum(id) || ' ' || sum(serial) || ' ' || sum(twice) || ' ' || min(\"Œuf, dur\") FROM erp.made"))
        .isEqualTo("3 6 6 6 x");
  }

  @Test
  void rowsOfFiftyMegabytesPassOneAtATime() {
    Servers.execute(
        erp,
        "CREATE TABLE huge (id int PRIMARY KEY, doc text); INSERT INTO huge SELECT i, repeat(md5(i::text), 1600000) FROM generate_series(1, 4) t(i)");

    stage.load("run1", extract(stage.engine().parts()));

    assertThat(
            stage.value(
                "SELECT string_agg(left(doc, 4) || length(doc), ' ' ORDER BY id) FROM erp.huge"))
        .isEqualTo("c4ca51200000 c81e51200000 eccb51200000 a87f51200000");
  }

  @Test
  void aValueThatChangedOnTheWayIsFound() {
    Servers.execute(
        erp,
        "CREATE TABLE grades (id int PRIMARY KEY, grade int); INSERT INTO grades SELECT i, i FROM generate_series(1, 100) t(i); UPDATE grades SET grade = grade * 2");

    assertThatThrownBy(() -> extract(new Shifted(stage.engine().parts())))
        .isInstanceOf(EcluseException.class)
        .hasMessageContaining("grade is 100:5050 in staging, 100:10100 in the source");
    assertThat(stage.staging().newest("erp", "grades")).isEmpty();
  }

  /** Writes the first column in the place of the second, as the wrong order of columns would. */
  private record Shifted(PartEncoder encoder) implements PartEncoder {
    @Override
    public long encode(ArrowArrayStream batches, List<Column> columns, long rowBytes, Path file) {
      Column id = columns.get(0);
      return encoder.encode(batches, List.of(id, id), rowBytes, file);
    }

    @Override
    public ContentSums sums(List<Column> columns, Path file) {
      ContentSums written = encoder.sums(List.of(columns.get(0)), file);
      return new ContentSums(Map.of(columns.get(1).name(), written.columns().get("id")));
    }
  }
}
