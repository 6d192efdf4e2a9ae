package io.ecluse.flow;

import io.ecluse.Platform;
import io.ecluse.Servers;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.Rows;
import io.ecluse.scheduler.Run;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.ReadView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A shop in a PostgreSQL, of which each way of loading has a stream. */
final class SparkShop {
  private static final List<String> STREAMS =
      List.of("kinds", "orders", "visits", "people", "prices");

  private final String database = Servers.newDatabase();
  private long visits = 100;

  SparkShop(Path project) throws IOException {
    Files.writeString(
        project.resolve("sources/shop.yaml"),
        """
        type: postgres
        extract: { compare: checksums }
        connection: { host: 127.0.0.1, port: %d, database: %s, user: %s, password: "${secret:shop}" }
        streams:
          kinds: {}
          orders: { mode: incremental, cursor: updated_at, deletes: detect }
          visits: { mode: append }
          people: { history: true }
          prices: { mode: incremental, cursor: updated_at, deletes: detect, history: true, partition: "bucket(2, id)" }
        """
            .formatted(Servers.server().port(), database, Servers.server().user()));
    Files.writeString(
        project.resolve("dags/read.yaml"), "retries: 0\ntasks: { read: { extract: shop } }\n");
    Files.writeString(
        project.resolve("dags/load.yaml"), "retries: 0\ntasks: { load: { load: shop } }\n");
    execute(
        """
        CREATE TABLE kinds (id int PRIMARY KEY, b boolean, l bigint, r real, d double precision, n numeric(10,2),
          wide numeric(38,10), half numeric(4,4), t text, day date, at timestamp, moment timestamptz, bytes bytea, u uuid, list int[], doc jsonb);
        INSERT INTO kinds VALUES
          (1, true, 9007199254740993, 0.1, 1e300, 1.50, 1234567890123456789012345678.0123456789, 0.0500, E'a "b", c\\n\u00e9', '2024-02-29',
            '2024-02-29 10:00:00.123456', '2024-02-29 10:00:00.654321+02', '\\x00ff', 'c56a4180-65aa-42ec-a945-5fd21dec0538', '{1,2}', '{"a": [1]}'),
          (2, false, -1, 'nan', 'infinity', -0.01, -0.0000000001, -0.9999, '', '1969-12-31', '1969-12-31 23:59:59.5', '1900-01-01 00:00:00Z', '', NULL, '{}', '1'),
          (3, NULL, NULL, '-0', '-0', NULL, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
        CREATE TABLE orders (id int PRIMARY KEY, state text, total numeric(8,2), ballast text, updated_at timestamptz NOT NULL);
        INSERT INTO orders SELECT i, 'new', i / 4.0, (SELECT string_agg(md5(i || '-' || j), '') FROM generate_series(1, 50) n(j)),
          timestamptz '2026-01-01Z' + i * interval '1 minute' FROM generate_series(1, 5000) t(i);
        CREATE TABLE visits (id bigint PRIMARY KEY, page text);
        INSERT INTO visits SELECT i, 'page ' || i FROM generate_series(1, 100) t(i);
        CREATE TABLE people (id uuid PRIMARY KEY, name text, age real);
        INSERT INTO people SELECT md5(i::text)::uuid, 'person ' || i, CASE WHEN i = 3 THEN 'nan'::real ELSE i END FROM generate_series(1, 20) t(i);
        CREATE TABLE prices (id int, region text, price numeric(8,2), updated_at timestamptz NOT NULL, PRIMARY KEY (id, region));
        INSERT INTO prices SELECT i, 'r' || i % 3, i, timestamptz '2026-01-01Z' + i * interval '1 minute' FROM generate_series(1, 30) t(i);
        """);
  }

  /** Changes, deletes and adds rows. */
  void change() {
    execute(
        """
        UPDATE kinds SET t = 'changed' WHERE id = 3;
        UPDATE orders SET state = 'paid', updated_at = '2026-02-01Z' WHERE id IN (1, 2);
        DELETE FROM orders WHERE id BETWEEN 10 AND 19;
        INSERT INTO orders VALUES (100000, NULL, NULL, NULL, '2026-02-02Z');
        UPDATE people SET name = 'another' WHERE name = 'person 1';
        DELETE FROM people WHERE name = 'person 2';
        INSERT INTO people VALUES (md5('x')::uuid, NULL, NULL);
        UPDATE prices SET price = price + 1, updated_at = '2026-02-01Z' WHERE id < 4;
        DELETE FROM prices WHERE id = 9;
        """);
    add();
  }

  /** The same over again, with a column that was not there before. */
  void changeAgain() {
    execute(
        """
        ALTER TABLE orders ADD COLUMN note text;
        UPDATE orders SET note = 'seen', updated_at = '2026-03-01Z' WHERE id IN (2, 3);
        DELETE FROM orders WHERE id = 100000;
        ALTER TABLE people ADD COLUMN born date;
        UPDATE people SET born = '2001-02-03' WHERE name = 'another';
        DELETE FROM people WHERE name IS NULL;
        UPDATE prices SET price = price + 1, updated_at = '2026-03-01Z' WHERE id < 3;
        INSERT INTO prices VALUES (9, 'r0', 9, '2026-03-01Z');
        """);
    add();
  }

  void changeOnceMore() {
    execute(
        "UPDATE orders SET state = 'sent', updated_at = '2026-04-01Z' WHERE id IN (2, 5); DELETE FROM people WHERE name = 'person 5'");
    add();
  }

  private void add() {
    execute(
        "INSERT INTO visits SELECT i, 'page ' || i FROM generate_series(%d, %d) t(i)"
            .formatted(visits + 1, visits + 50));
    visits += 50;
  }

  long visits() {
    return visits;
  }

  private void execute(String sql) {
    Servers.execute(database, sql);
  }

  /** All rows of all tables, with their types. */
  List<String> rows(Platform platform) {
    List<String> all = new ArrayList<>();
    for (String stream : STREAMS) {
      Rows rows = new Rows();
      platform
          .engine()
          .run(
              "SELECT * FROM shop." + stream + " ORDER BY ALL",
              ReadView.PUBLISHED,
              new Cancellation(),
              rows);
      all.add(stream + " " + rows.names() + " " + rows.types());
      rows.all().forEach(row -> all.add(stream + " " + Arrays.deepToString(row)));
    }
    return all;
  }

  /** How many rows each task has loaded. */
  List<String> told(Platform platform, Run run) {
    return platform.scheduler().tasks(run.id()).stream()
        .filter(t -> t.taskId().startsWith("load"))
        .map(t -> t.taskId() + ": " + t.rows())
        .sorted()
        .toList();
  }

  /** Rows of a table that are in its files, and marked as deleted. */
  long deleted(Platform platform, String stream) {
    return platform
        .warehouse()
        .snapshot(new TableName("shop", stream), ReadView.PUBLISHED)
        .orElseThrow()
        .files()
        .stream()
        .mapToLong(f -> f.deleted().rows())
        .sum();
  }

  /** What the newest commit of a table says of itself. */
  Map<String, String> marks(Platform platform, String stream) {
    return platform
        .warehouse()
        .open()
        .tables()
        .find(new TableName("shop", stream))
        .orElseThrow()
        .currentSnapshot()
        .summary();
  }
}
