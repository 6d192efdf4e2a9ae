package io.ecluse.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.Servers;
import io.ecluse.access.Caller;
import io.ecluse.access.Policy;
import io.ecluse.disk.Disk;
import io.ecluse.duckdb.DuckDbEngine;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.EngineSettings;
import io.ecluse.engine.RowReader;
import io.ecluse.engine.Rows;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.metadata.Metadata;
import io.ecluse.query.Queries;
import io.ecluse.query.Ticket;
import io.ecluse.query.WorkerSettings;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.Layout;
import io.ecluse.schema.TableName;
import io.ecluse.storage.LocalCopies;
import io.ecluse.storage.Places;
import io.ecluse.storage.SlowStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Queries over more than the copies may take of the disk. */
@Timeout(60)
class StreamedReadTest {
  private static final TableName FACTS = new TableName("lab", "facts");
  private static final TableName FEW = new TableName("lab", "few");
  private static final int PARTS = 12;
  private static final List<Column> COLUMNS =
      List.of(
          new Column("part", DataType.INTEGER),
          new Column("n", DataType.BIGINT),
          new Column("Text", DataType.VARCHAR));

  @TempDir Path folder;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final AtomicLong most = new AtomicLong();
  private Metadata metadata;
  private DuckDbEngine whole;
  private DuckDbEngine little;
  private Queries people;
  private Warehouse reader;
  private SlowStore store;

  @BeforeEach
  void tables() {
    metadata = Servers.newMetadata();
    opened.add(metadata);
    Warehouse writer = warehouse("writer", 1L << 30);
    whole = engine("writer", writer, 1L << 30);
    write(
        writer,
        FACTS,
        COLUMNS,
        new Layout(List.of(new Layout.Part(Layout.Transform.IDENTITY, "part", 1)), List.of()),
        "select (range % 12)::int as part, range as n, md5(range::varchar) || md5((range * 7)::varchar) as \"Text\" from range(60000)");
    write(
        writer,
        FEW,
        List.of(new Column("part", DataType.INTEGER), new Column("name", DataType.VARCHAR)),
        Layout.NONE,
        "select range::int as part, 'p' || range as name from range(12)");
    long size = writer.snapshot(FACTS, ReadView.PUBLISHED).orElseThrow().bytes();
    reader = warehouse("reader", size / 3);
    little = engine("reader", reader, 1L << 30);
    people =
        new Queries(
            new WorkerSettings(settings("people", 1L << 30), folder.resolve("workers")),
            reader,
            Policy.OPEN);
    opened.add(people);
  }

  private void write(
      Warehouse writer, TableName table, List<Column> columns, Layout layout, String sql) {
    String run = "r-" + table.name();
    try (StagedTable staged = writer.stage(run, table, columns, layout)) {
      whole.write(staged, sql, ReadView.PUBLISHED, new Cancellation());
    }
    writer.publish(run);
  }

  private Warehouse warehouse(String name, long cache) {
    store = new SlowStore(folder.resolve("store"));
    Path own = folder.resolve(name);
    Warehouse warehouse =
        new Warehouse(
            metadata.jdbi(),
            "test",
            new Places(
                store,
                own.resolve("work"),
                new LocalCopies(own.resolve("copies"), cache, Clock.systemUTC())),
            new Disk());
    opened.add(warehouse);
    return warehouse;
  }

  private EngineSettings settings(String name, long spill) {
    return new EngineSettings(
        256L << 20,
        2,
        folder.resolve(name).resolve("spill"),
        spill,
        List.of(folder.resolve(name).resolve("copies")));
  }

  private DuckDbEngine engine(String name, Warehouse warehouse, long spill) {
    DuckDbEngine engine = new DuckDbEngine(settings(name, spill), warehouse);
    opened.add(engine);
    return engine;
  }

  @AfterEach
  void close() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  private static List<List<String>> rows(DuckDbEngine engine, String sql) {
    Rows rows = new Rows();
    engine.run(sql, ReadView.PUBLISHED, new Cancellation(), rows);
    return texts(rows);
  }

  private static List<List<String>> texts(Rows rows) {
    return rows.all().stream().map(r -> Stream.of(r).map(String::valueOf).toList()).toList();
  }

  private List<List<String>> seen(String sql) {
    Rows rows = new Rows();
    people.stream(
        Ticket.patient(new Caller("ada", Caller.Means.TOKEN, Set.of()), new Cancellation()),
        sql,
        ReadView.PUBLISHED,
        rows);
    return texts(rows);
  }

  private void assertSame(String sql) {
    List<List<String>> expected = rows(whole, sql);
    assertThat(expected).isNotEmpty();
    assertThat(rows(little, sql)).as(sql).isEqualTo(expected);
    assertThat(seen(sql)).as(sql).isEqualTo(expected);
  }

  private long kept(String name) throws IOException {
    Path kept = Files.createDirectories(folder.resolve(name).resolve("copies/kept"));
    try (Stream<Path> files = Files.list(kept)) {
      return files.mapToLong(f -> f.toFile().length()).sum();
    }
  }

  @Test
  void theSameRowsComeOfATableThatIsTooLarge() throws IOException {
    store.beforeRead(
        name -> {
          try {
            most.accumulateAndGet(kept("reader"), Math::max);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
    assertSame("select count(*), sum(n) from lab.facts");
    assertSame("select part, count(*), max(N) from lab.facts group by all order by all");
    assertSame(
        "select f.name, count(*) from lab.facts x join lab.few f using (part) where x.\"text\" like 'a%' group by 1 order by 1");
    assertSame(
        "with a as (select * from lab.facts where n % 5000 = 7) select a.*, b.n from a join lab.facts b on a.n = b.n + 1 order by a.n");
    assertSame("select x from lab.facts x where n in (1, 59999) order by n");
    assertSame("from lab.facts natural join lab.few select n, name order by n limit 5");
    assertSame("select \"Text\" from lab.facts order by n desc limit 3");
    assertSame("select t.a from lab.facts t(z, a, b) order by 1 limit 3");
    assertSame("select columns('n|part') from lab.facts order by 2 limit 4");
    long size = reader.snapshot(FACTS, ReadView.PUBLISHED).orElseThrow().bytes();
    assertThat(most).hasValueLessThan(size / 3 * 2);
  }

  @Test
  void aModelThatReadsATableThatIsTooLargeIsWritten() throws IOException {
    TableName sums = new TableName("lab", "sums");
    try (StagedTable staged = reader.stage("m", sums, List.of(new Column("s", DataType.BIGINT)))) {
      little.write(
          staged,
          "select sum(n)::bigint as s from lab.facts",
          ReadView.PUBLISHED,
          new Cancellation());
    }
    reader.publish("m");
    assertThat(rows(whole, "select s from lab.sums")).containsExactly(List.of("1799970000"));
    try (Stream<Path> left = Files.list(folder.resolve("reader/spill"))) {
      assertThat(left.filter(f -> f.getFileName().toString().startsWith("narrow"))).isEmpty();
    }
    assertThat(folder.resolve("reader/copies/leased"))
        .satisfies(
            leased -> {
              try (Stream<Path> files = Files.walk(leased)) {
                assertThat(files.filter(f -> f.toString().contains("/held/"))).isEmpty();
              }
            });
  }

  @Test
  void moreThanTheDiskMayTakeIsRefused() {
    DuckDbEngine none = engine("reader", reader, 100_000);
    assertThatThrownBy(() -> rows(none, "select * from lab.facts"))
        .hasMessageContaining("name fewer columns, or raise warehouse.cache")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.CACHE_TOO_SMALL);
    assertThat(rows(none, "select count(*) from lab.facts where part = 3"))
        .containsExactly(List.of("5000"));
  }

  @Test
  void ofATableFilesThatCannotMatterAreNotFetched() {
    List<String> read = Collections.synchronizedList(new ArrayList<>());
    store.beforeRead(name -> read.add(name));
    Rows asked = new Rows();

    people.stream(
        Ticket.patient(new Caller("ada", Caller.Means.TOKEN, Set.of()), new Cancellation()),
        "select max(n) as m from lab.facts where part = 3",
        ReadView.PUBLISHED,
        asked);
    assertThat(asked.all()).containsExactly(new Object[] {59_991L});
    assertThat(rows(whole, "select max(n) from lab.facts where part = 3"))
        .containsExactly(List.of("59991"));

    assertThat(read).filteredOn(name -> name.endsWith(".parquet")).hasSize(1);
  }

  @Test
  void aQueryThatNobodyWaitsForStopsBetweenFiles() {
    Cancellation cancellation = new Cancellation();
    AtomicLong read = new AtomicLong();
    store.beforeRead(
        name -> {
          if (name.endsWith(".parquet") && read.incrementAndGet() == 2) {
            cancellation.cancel();
          }
        });
    assertThatThrownBy(
            () ->
                little.run(
                    "select sum(n) from lab.facts",
                    ReadView.PUBLISHED,
                    cancellation,
                    new RowReader() {
                      @Override
                      public void columns(List<String> names, List<String> types) {}

                      @Override
                      public boolean row(Object[] values) {
                        return true;
                      }
                    }))
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.CANCELLED);
    assertThat(read).hasValueLessThan(PARTS);
  }
}
