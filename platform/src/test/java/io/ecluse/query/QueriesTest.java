package io.ecluse.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.Servers;
import io.ecluse.access.Action;
import io.ecluse.access.Policy;
import io.ecluse.access.Subject;
import io.ecluse.disk.Disk;
import io.ecluse.duckdb.DuckDbEngine;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.EngineSettings;
import io.ecluse.engine.Rows;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.metadata.Metadata;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.StagedTable;
import io.ecluse.warehouse.ViewQuery;
import io.ecluse.warehouse.Warehouse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class QueriesTest {
  private static final TableName NUMBERS = new TableName("lab", "numbers");
  private static final String ENDLESS =
      "select sum(a.n * b.n * c.n) from lab.numbers a, lab.numbers b, lab.numbers c, lab.numbers d";

  @TempDir Path folder;
  private Metadata metadata;
  private Warehouse warehouse;
  private DuckDbEngine engine;
  private Queries queries;
  private final AtomicLong nanos = new AtomicLong();
  private Policy hidden = (caller, action, subject) -> false;

  @BeforeEach
  void open() throws IOException {
    metadata = Servers.newMetadata();
    warehouse = new Warehouse(metadata.jdbi(), "test", folder.resolve("warehouse"), new Disk());
    engine =
        new DuckDbEngine(
            new EngineSettings(
                64L << 20,
                2,
                folder.resolve("engine"),
                8L << 20,
                List.of(folder.resolve("warehouse"))),
            warehouse);
    StagedTable table = warehouse.stage("run1", NUMBERS, List.of(new Column("n", DataType.BIGINT)));
    engine.write(
        table, "select range as n from range(1000)", ReadView.PUBLISHED, new Cancellation());
    warehouse.publish("run1");
    queries =
        new Queries(
            new WorkerSettings(
                new EngineSettings(
                    512L << 20,
                    2,
                    Files.createDirectories(folder.resolve("people")),
                    64L << 20,
                    List.of()),
                folder.resolve("program")),
            warehouse,
            (caller, action, subject) -> !hidden.permits(caller, action, subject),
            nanos::get);
  }

  @AfterEach
  void close() {
    queries.close();
    engine.close();
    metadata.close();
  }

  private static Ticket ticket() {
    return Ticket.patient(Callers.named("ada"), new Cancellation());
  }

  private List<Object[]> rows(String sql) {
    Rows rows = new Rows();
    queries.stream(ticket(), sql, ReadView.PUBLISHED, rows);
    return rows.all();
  }

  private Object one(String sql) {
    return rows(sql).get(0)[0];
  }

  private Object kept(Ticket ticket) {
    String sql = "select random() from lab.numbers";
    return queries.read(ticket, sql, ReadView.PUBLISHED, 1).rows().get(0)[0];
  }

  @Test
  void readsAgainWhatWasPublishedMeanwhileAndNothingElse() {
    Object first = kept(ticket());
    assertThat(kept(ticket())).isEqualTo(first);
    assertThat(kept(Ticket.quick(Callers.named("bob"), new Cancellation()))).isEqualTo(first);

    StagedTable table = warehouse.stage("run2", NUMBERS, List.of(new Column("n", DataType.BIGINT)));
    engine.write(table, "select 1 as n", ReadView.PUBLISHED, new Cancellation());
    warehouse.publish("run2");

    assertThat(kept(ticket())).isNotEqualTo(first);
  }

  @Test
  void readsAgainAfterAMinuteWhatDependsOnTheTimeOrOnChance() {
    warehouse.stageView(
        "run2",
        new TableName("lab", "chance"),
        List.of(new Column("r", DataType.DOUBLE)),
        new ViewQuery("select random() as r from lab.numbers", List.of(NUMBERS)));
    warehouse.publish("run2");
    for (String sql :
        List.of("select random() from lab.numbers", "select r from lab.chance", "select now()")) {
      Object first = first(sql);
      assertThat(first(sql)).as(sql).isEqualTo(first);
      nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
      assertThat(first(sql)).as(sql).isNotEqualTo(first);
    }
  }

  @Test
  void doesNotMentionATableThatIsNotForTheCaller() {
    String missing = "from lab.number";
    assertThatThrownBy(() -> rows(missing)).hasMessageContaining("lab.numbers");
    assertThatThrownBy(() -> rows("from numbers")).hasMessageContaining("lab.numbers");
    hidden = (caller, action, subject) -> subject.equals(Subject.table(NUMBERS));
    assertThatThrownBy(() -> rows(missing)).hasMessageNotContaining("lab.numbers");
    assertThatThrownBy(() -> rows("from numbers")).hasMessageNotContaining("lab.numbers");
  }

  private Object first(String sql) {
    return queries.read(ticket(), sql, ReadView.PUBLISHED, 1).rows().get(0)[0];
  }

  @Test
  void showsNobodyWhatWasReadForOthersOfAnotherRole() {
    Object first = kept(Ticket.quick(Callers.named("ada", "teacher"), new Cancellation()));
    Ticket pupil = Ticket.quick(Callers.named("bob", "pupil"), new Cancellation());
    assertThat(kept(pupil)).isNotEqualTo(first);
  }

  @Test
  void readsNoTableThatIsNotForTheCallerWhateverWasReadBefore() {
    Object first = kept(ticket());
    hidden =
        (caller, action, subject) ->
            caller.name().equals("bob")
                && action == Action.READ_ROWS
                && subject.equals(Subject.table(NUMBERS));
    Ticket bob = Ticket.quick(Callers.named("bob"), new Cancellation());

    assertThat(kept(ticket())).isEqualTo(first);
    assertForbidden(() -> kept(bob));
    assertForbidden(
        () ->
            queries.stream(
                bob, "with x as (from lab.NUMBERS) from x", ReadView.PUBLISHED, new Rows()));
    Path file = folder.resolve("bob.parquet");
    assertForbidden(() -> queries.export(bob, "from lab.numbers", ReadView.PUBLISHED, file));
    assertThat(file).doesNotExist();
    assertThat(queries.read(bob, "select 1", ReadView.PUBLISHED, 1).rows()).hasSize(1);
  }

  @Test
  void exportsNoRowsThatAreToBeReadOnly() {
    hidden = (caller, action, subject) -> action == Action.EXPORT_ROWS;
    Path file = folder.resolve("numbers.parquet");
    assertForbidden(() -> queries.export(ticket(), "from lab.numbers", ReadView.PUBLISHED, file));
    assertThat(rows("from lab.numbers")).hasSize(1000);

    hidden = (caller, action, subject) -> false;
    queries.export(ticket(), "from lab.numbers", ReadView.PUBLISHED, file);
    assertThat(file).isNotEmptyFile();
  }

  private Map<String, String> arrow(String sql, List<Object> values) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    queries.arrow(ticket(), sql, ReadView.PUBLISHED, out);
    Map<String, String> types = new LinkedHashMap<>();
    try (BufferAllocator allocator = new RootAllocator();
        ArrowStreamReader in =
            new ArrowStreamReader(new ByteArrayInputStream(out.toByteArray()), allocator)) {
      VectorSchemaRoot root = in.getVectorSchemaRoot();
      root.getSchema().getFields().forEach(f -> types.put(f.getName(), f.toString()));
      while (in.loadNextBatch()) {
        for (int row = 0; row < root.getRowCount(); row++) {
          for (FieldVector column : root.getFieldVectors()) {
            values.add(String.valueOf(column.getObject(row)));
          }
        }
      }
    }
    return types;
  }

  @Test
  void handsRowsOnWithTheirTypesWhateverTheirShape() throws IOException {
    List<Object> values = new ArrayList<>();
    Map<String, String> types =
        arrow(
            "select 1::bigint as n, 1.50::decimal(10,2) as price, null::varchar as word, {'a': [1, 2], 'b': map {'k': true}} as nested, timestamptz '2026-01-31 03:00:00Z' as at",
            values);
    assertThat(types)
        .containsEntry("n", "n: Int(64, true)")
        .containsEntry("price", "price: Decimal(10, 2, 128)")
        .containsEntry("word", "word: Utf8")
        .containsEntry("at", "at: Timestamp(MICROSECOND, UTC)");
    assertThat(types.get("nested")).contains("Struct<a: List<").contains("b: Map(");
    assertThat(values)
        .startsWith("1", "1.50", "null", "{\"a\":[1,2],\"b\":[{\"key\":\"k\",\"value\":true}]}");
    values.clear();

    arrow("select a.n from lab.numbers a, lab.numbers b order by a.n", values);
    assertThat(values).hasSize(1_000_000).startsWith("0").endsWith("999");
  }

  @Test
  void endsAQueryWhoseTypedRowsNobodyTakes() {
    OutputStream gone =
        new OutputStream() {
          @Override
          public void write(int one) throws IOException {
            throw new IOException("gone");
          }
        };
    String sql = "select a.n from lab.numbers a, lab.numbers b, lab.numbers c";
    assertThatThrownBy(() -> queries.arrow(ticket(), sql, ReadView.PUBLISHED, gone))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(one("select 42")).isEqualTo(42);
  }

  private static void assertForbidden(ThrowingCallable read) {
    assertThatThrownBy(read)
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.FORBIDDEN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select t.* from \"FILE\" t, (with \"FILE\" as (select 1 z) select * from \"FILE\") x",
        "with a as (with \"FILE\" as (select 1 z) select * from \"FILE\") select * from a, \"FILE\"",
        "with \"FILE\" as (select * from \"FILE\") select * from \"FILE\"",
        "with recursive \"FILE\" as (select * from \"FILE\" union all select * from \"FILE\") select * from \"FILE\"",
        "with a as (select * from \"FILE\"), \"FILE\" as (select 1) select * from a",
        "select (with \"FILE\" as (select 1) select 1 from \"FILE\"), (select count(*) from \"FILE\")",
        "select * from (pivot \"FILE\" on a in ('a') using count(*))",
        "select n from lab.numbers where exists (from \"FILE\")",
        "select n from lab.numbers order by (select max(a) from \"FILE\")",
        "select * from lab.numbers, lateral (select * from \"FILE\" where a = n)",
        "from \"FILE\" union all by name with \"FILE\" as (select 1) from \"FILE\"",
        "values ((select count(*) from \"FILE\"))",
        "select [x for x in (select list(a) from \"FILE\")]",
        "describe \"FILE\"",
        "summarize \"FILE\"",
        "explain select * from lab.numbers",
        "table \"FILE\"",
        "select current_setting('temp_directory')",
        "select getenv('PATH')",
        "select json_serialize_plan('select * from lab.numbers')",
        "select * from information_schema.tables",
        "select * from duckdb_settings",
        "select * from pg_catalog.pg_settings",
        "select * from pragma_database_list",
        "select * from sqlite_master",
        "from parquet_metadata('FILE')",
        "from query_table('FILE')",
      })
  void opensNoOtherFileWhateverTheText(String sql) throws IOException {
    Path secret = Files.writeString(folder.resolve("secret.csv"), "a,b\nhidden,hidden\n");

    assertThatThrownBy(() -> rows(sql.replace("FILE", secret.toString())))
        .isInstanceOf(EcluseException.class)
        .hasMessageNotContaining("hidden")
        .hasMessageNotContaining("people")
        .extracting(e -> ((EcluseException) e).code())
        .isIn(ErrorCode.SQL_INVALID, ErrorCode.NOT_FOUND);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "with a as (select 1 as x), b as (select x + 1 as x from A) select b.x from b, a",
        "with recursive t(i) as (select 1 union all select i + 1 from T where i < 2) select max(i) from t",
        "select max(x) from (values (1), (2)) v(x)",
        "with A as (from lab.numbers) select 2 from a where n = 2",
        "with a as (select 2 as x) select (select x from a)",
        "with a as (select 2 as x) select max(x) from (select x from a union all (with b as (from a) from b))",
      })
  void resolvesNamesByTheirScope(String sql) {
    assertThat(one(sql)).asString().isEqualTo("2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select length(repeat('x', 2000000000))",
        "select len(list(i)) from range(200000000) t(i)",
        "select string_agg(i::varchar) from range(300000000) t(i)",
        "select repeat('x', 900000000)",
        "select count(*) from (select md5(a.n::varchar || '-' || b.n || '-' || c.n) as h, count(*) from lab.numbers a, lab.numbers b, lab.numbers c group by 1)",
      })
  void hasItsShareOfTheMemoryAndNoMore(String sql) {
    assertThatThrownBy(() -> rows(sql))
        .extracting(e -> ((EcluseException) e).code())
        .isIn(ErrorCode.OUT_OF_MEMORY, ErrorCode.RESULT_TOO_LARGE);

    assertThat(one("select count(*) from lab.numbers")).isEqualTo(1000L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ENDLESS,
        "select len(list_transform(range(50000000), x -> md5(x::varchar)))",
        "select regexp_matches(repeat('a', 300), repeat('(a?){20}', 60))",
      })
  void endsWithinASecondWhateverItDoes(String sql) throws Exception {
    one("select 1");
    Cancellation cancellation = new Cancellation();
    CompletableFuture<Throwable> end =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                queries.stream(
                    Ticket.patient(Callers.named("ada"), cancellation),
                    sql,
                    ReadView.PUBLISHED,
                    new Rows());
                return new AssertionError("It ended by itself");
              } catch (EcluseException e) {
                return e;
              }
            });
    Thread.sleep(700);
    boolean ran = !end.isDone();
    long begin = System.nanoTime();
    cancellation.cancel();
    Throwable error = end.get();

    if (ran) {
      assertThat(((EcluseException) error).code()).isEqualTo(ErrorCode.CANCELLED);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    }
    assertThat(one("select count(*) from lab.numbers")).isEqualTo(1000L);
  }

  @Test
  void keepsPlacesForOthersWhileOneCallerRunsEndlessQueries() {
    List<Cancellation> endless = Stream.generate(Cancellation::new).limit(8).toList();
    List<CompletableFuture<Void>> runs =
        endless.stream()
            .map(
                c ->
                    CompletableFuture.runAsync(
                        () -> {
                          try {
                            queries.stream(
                                Ticket.patient(Callers.named("greedy"), c),
                                ENDLESS,
                                ReadView.PUBLISHED,
                                new Rows());
                          } catch (EcluseException e) {
                            assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED);
                          }
                        },
                        r -> new Thread(r).start()))
            .toList();

    assertThat(one("select count(*) from lab.numbers")).isEqualTo(1000L);
    Rows page = new Rows();
    queries.stream(
        Ticket.quick(Callers.named("greedy"), new Cancellation()),
        "select 1",
        ReadView.PUBLISHED,
        page);
    assertThat(page.all()).hasSize(1);

    endless.forEach(Cancellation::cancel);
    runs.forEach(CompletableFuture::join);
  }

  @Test
  void leavesNoProcessBehind() throws Exception {
    one("select 1");
    List<ProcessHandle> workers = ProcessHandle.current().children().toList();
    assertThat(workers).anyMatch(ProcessHandle::isAlive);

    queries.close();

    for (ProcessHandle worker : workers) {
      if (worker.info().commandLine().orElse("").contains("WorkerMain")) {
        worker.onExit().get();
      }
    }
    try (Stream<Path> left = Files.list(folder.resolve("people"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void tellsWorkersNoSecrets() throws IOException {
    one("select 1");
    List<ProcessHandle> workers =
        ProcessHandle.current()
            .children()
            .filter(p -> p.info().commandLine().orElse("").contains("WorkerMain"))
            .toList();

    assertThat(workers).isNotEmpty();
    for (ProcessHandle worker : workers) {
      Path environ = Path.of("/proc/" + worker.pid() + "/environ");
      String variables = Files.readString(environ).replace('\0', '\n');
      assertThat(variables.lines().map(l -> l.split("=", 2)[0]))
          .isSubsetOf("PATH", "LC_ALL", "TMPDIR", "PWD", "OLDPWD", "SHLVL", "_");
    }
  }

  @Test
  void handsOnEveryKindOfValueAsItIs() {
    Object[] row =
        rows("""
            select true, 1::tinyint, 2::bigint, 3::hugeint, 1.5::float, 2.5::double, 1.10::decimal(9,2), 'é',
              date '2026-01-31', time '03:04:05', timestamp '2026-01-31 03:04:05.123456',
              timestamptz '2026-01-31 03:04:05+02', '\\x01\\xFF'::blob,
              'e3b0c442-98fc-4c14-9af4-b9f3ce0c1d2e'::uuid, [1, null, 3], {'a': 1, 'b': ['x']},
              map {'k': 1.5}, null, interval 1 day, timestamp_ns '2026-01-31 03:04:05', [timestamp '2026-01-31 03:04:05'],
              [date '2026-01-31'], {'t': timestamptz '2026-01-31 03:04:05+02'}""")
            .get(0);

    assertThat(Stream.of(row).map(QueriesTest::spelled).toList())
        .containsExactly(
            "Boolean true",
            "Integer 1",
            "Long 2",
            "BigInteger 3",
            "Float 1.5",
            "Double 2.5",
            "BigDecimal 1.10",
            "String é",
            "LocalDate 2026-01-31",
            "LocalTime 03:04:05",
            "LocalDateTime 2026-01-31T03:04:05.123456",
            "OffsetDateTime 2026-01-31T01:04:05Z",
            "byte[] [1, -1]",
            "UUID e3b0c442-98fc-4c14-9af4-b9f3ce0c1d2e",
            "List [1, null, 3]",
            "Map {a=1, b=[x]}",
            "Map {k=1.5}",
            "null",
            "String 1 day",
            "LocalDateTime 2026-01-31T03:04:05",
            "List [2026-01-31T03:04:05]",
            "List [2026-01-31]",
            "Map {t=2026-01-31T01:04:05Z}");
  }

  private static String spelled(Object value) {
    if (value == null) {
      return "null";
    } else if (value instanceof byte[] bytes) {
      return "byte[] " + java.util.Arrays.toString(bytes);
    }
    String kind =
        value instanceof List<?>
            ? "List"
            : value instanceof Map<?, ?> ? "Map" : value.getClass().getSimpleName();
    return kind + " " + value;
  }

  @Test
  void readsSumsOfManyTerms() {
    String sum = IntStream.range(0, 400).mapToObj(i -> "n").collect(Collectors.joining(" + "));
    assertThat(one("select " + sum + " from lab.numbers where n = 1")).hasToString("400");

    String deeper = IntStream.range(0, 5000).mapToObj(i -> "n").collect(Collectors.joining(" + "));
    assertThatThrownBy(() -> one("select " + deeper + " from lab.numbers where n = 1"))
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.SQL_INVALID);
    String brackets = "(".repeat(5000) + "1" + ")".repeat(5000);
    assertThat(one("select " + brackets)).isEqualTo(1);
  }

  @Test
  void endsAPageWhereItBecomesTooLong() {
    Path file = queries.folder().resolve("result.parquet");
    queries.toParquet(
        ticket(),
        "select repeat('x', 100000) || n as long from lab.numbers where n < 200",
        ReadView.PUBLISHED,
        Target.all(file));

    List<Object[]> page = queries.results().page(ticket(), file, 0, 500);
    assertThat(page.size()).isBetween(50, 150);
    assertThat(queries.results().page(ticket(), file, 199, 500)).hasSize(1);
  }

  @Test
  void refusesToHandOnARowThatIsTooLong() {
    assertThatThrownBy(() -> rows("select repeat('x', 20000000) as long"))
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.RESULT_TOO_LARGE);
  }

  @Test
  void stopsWhenNoMoreRowsAreWanted() {
    Rows rows = new Rows(3);
    queries.stream(
        ticket(),
        "select a.n from lab.numbers a, lab.numbers b, lab.numbers c, lab.numbers d",
        ReadView.PUBLISHED,
        rows);
    assertThat(rows.all()).hasSize(3);
    assertThat(one("select 1")).isEqualTo(1);
  }
}
