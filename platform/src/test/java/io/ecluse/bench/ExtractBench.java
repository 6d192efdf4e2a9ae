package io.ecluse.bench;

import io.ecluse.Platform;
import io.ecluse.demo.DemoErp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One consistent extract of the same tables by Écluse, to Parquet and to CSV, by {@code psql
 * \copy}, by Spark's JDBC source, by plain JDBC into parquet-java and by what else of {@link
 * ExtractPeers} is there, each in a process of its own.
 */
public final class ExtractBench {
  private static final int ROUNDS = 4;
  private static final int QUICK_ROUNDS = 2;
  private static final List<String> ALL = List.of("erp", "narrow", "wide", "mixed", "long");
  private static final int PEER_ROUNDS = 1;
  private static final String ECLUSE = "Écluse to Parquet";
  private static final String LAUNCHED = "ecluse extract, a process each";
  private static final int LAUNCHED_ROUNDS = 3;
  private static final String PSQL = "psql \\copy to CSV";
  private static final String SPARK = "Spark JDBC to Parquet";
  private static final int WIDE_COLUMNS = 50;
  private static final String NARROW = "i % 10000 AS student_id, i % 7 > 0 AS present";

  private static final double MEBIBYTE = 1 << 20;

  /** Each type once, of values that repeat and of values that do not; 12 columns with the key. */
  private static final String MIXED =
      """
      (hash % 100003)::int AS customer, (hash % 211)::smallint AS kind,
      (hash % 9999991 / 100.0)::numeric(10,2) AS amount, hash % 1000003 / 64.0::float8 AS score,
      hash % 3 = 0 AS active, date '2015-01-01' + (hash % 3651)::int AS ordered,
      timestamp '2015-01-01' + i * interval '1 minute' AS changed,
      timestamptz '2015-01-01 00:00Z' + hash % 5003 * interval '6 hours' AS seen,
      'customer number ' || hash % 100003 AS name,
      CASE WHEN i % 5 > 0 THEN 'delivered to door ' || hash % 503 || ' by hand' END AS note,
      md5(i::text)::uuid AS token
      """;

  private final Workspace workspace;
  private final ExtractPeers peers;
  private final boolean quick;
  private final boolean alone;
  private final int rounds;
  private final Figures figures = new Figures();

  private ExtractBench(Workspace workspace, boolean quick, boolean alone) {
    this.workspace = workspace;
    this.peers = new ExtractPeers(workspace);
    this.quick = quick;
    this.alone = alone;
    this.rounds = quick ? QUICK_ROUNDS : ROUNDS;
  }

  public static void main(String[] arguments) throws Exception {
    List<String> words = Arrays.asList(arguments);
    boolean quick = words.contains("--quick");
    List<String> named = words.stream().filter(ALL::contains).toList();
    try (Workspace workspace = Workspace.open(quick ? 0.2 : 10)) {
      try (Platform platform = workspace.platform()) {
        System.out.println("Made the project's database for " + platform.environment());
      }
      new ExtractBench(workspace, quick, words.contains("--alone"))
          .run(named.isEmpty() ? ALL : named);
    }
  }

  /**
   * What is read.
   *
   * @param source the project's source that reads it
   * @param halved the range of ids of a table that Spark is to read in halves
   */
  private record Data(String source, List<String> tables, long rows, Optional<String> halved) {}

  /**
   * @param only what to measure
   */
  private void run(List<String> only) throws Exception {
    if (only.contains("erp")) {
      compare(data("erp", "public", Optional.empty()));
    }
    if (only.contains("narrow")) {
      compare(table("narrow", quick ? 200_000 : 10_000_000, "int", NARROW));
    }
    if (only.contains("wide")) {
      compare(table("wide", quick ? 20_000 : 500_000, "int", wide()));
    }
    if (only.contains("mixed")) {
      compare(table("mixed", quick ? 1_000_000 : 10_000_000, "bigint", MIXED));
    }
    if (only.contains("long")) {
      flat();
    }
    figures.print();
  }

  private void compare(Data data) throws Exception {
    System.out.printf(
        "%n%s: %d tables, %d rows%n", data.source(), data.tables().size(), data.rows());
    Map<String, Measured> took = new LinkedHashMap<>();
    took.put(ECLUSE, ecluse(data, "parquet"));
    took.put(LAUNCHED, command(peers.ecluse(data.source()), LAUNCHED_ROUNDS));
    if (!alone) {
      compareWithPeers(data, took);
    }
    print(data, took);
    judge(data, took);
  }

  private void compareWithPeers(Data data, Map<String, Measured> took) throws Exception {
    took.put("Écluse to CSV (gzip)", ecluse(data, "csv"));
    took.put(PSQL, command(peers.psql(data.tables(), out()), rounds));
    took.put(SPARK, spark(data));
    took.put("plain JDBC to Parquet", jdbc(data));
    if (data.source().equals("mixed")) {
      for (Map.Entry<String, List<String>> peer :
          peers.ofParquet(data.tables().get(0), out()).entrySet()) {
        took.put(peer.getKey(), command(peer.getValue(), PEER_ROUNDS));
      }
    }
  }

  private static void print(Data data, Map<String, Measured> took) {
    System.out.println();
    Figures.row(
        data.source(),
        "rows/s",
        "median s",
        "client CPU s",
        "the first",
        "server CPU s",
        "peak MB",
        "MiB");
    took.forEach(
        (name, it) ->
            Figures.row(
                "  " + name,
                Math.round(data.rows() / it.warm()),
                it.warm(),
                it.warmCpu(),
                it.coldCpu(),
                it.serverCpu(),
                it.peakMegabytes(),
                mebibytes(it)));
  }

  private static double mebibytes(Measured took) {
    return took.bytes() / MEBIBYTE;
  }

  private void judge(Data data, Map<String, Measured> took) {
    Measured ours = took.get(ECLUSE);
    if (!alone) {
      judgeByPeers(data, took, ours);
    }
    figures.atMost(data.source() + ": peak memory", ours.peakMegabytes(), "MB", 300);
    if (data.source().equals("mixed")) {
      double millions = data.rows() / 1e6;
      figures.atMost("mixed: CPU, 10 million rows", ours.warmCpu() * 10 / millions, "s", 11);
      if (!quick) {
        figures.atMost("mixed: the same, by ecluse extract", took.get(LAUNCHED).warmCpu(), "s", 11);
      }
      figures.atMost("mixed: files, 10 million rows", mebibytes(ours) * 10 / millions, "MiB", 400);
    }
  }

  private void judgeByPeers(Data data, Map<String, Measured> took, Measured ours) {
    figures.atLeast(
        data.source() + ": by psql \\copy", took.get(PSQL).warm() / ours.warm(), "x", 1);
    Measured spark = took.get(SPARK);
    figures.atLeast(
        data.source() + ": by Spark JDBC, a process an extract",
        spark.cold() / ours.warm(),
        "x",
        4);
    figures.atLeast(
        data.source() + ": by Spark JDBC, warm too", spark.warm() / ours.warm(), "x", 4);
  }

  /** The same table, a hundred times as long: memory must not grow with it. */
  private void flat() throws Exception {
    List<Long> sizes = quick ? List.of(100_000L, 1_000_000L) : List.of(1_000_000L, 100_000_000L);
    List<Double> peaks = new ArrayList<>();
    System.out.println();
    Figures.row("narrow, longer and longer", "rows", "rows/s", "peak MB");
    for (long rows : sizes) {
      Data data = table("long" + rows, rows, "int", NARROW);
      Measured took = measured(Measured.java(ExtractLoop.class, folder(), data.source(), "1"));
      peaks.add(took.peakMegabytes());
      Figures.row("", rows, Math.round(rows / took.warm()), took.peakMegabytes());
    }
    figures.atMost(
        "memory at %d rows by %d rows".formatted(sizes.get(1), sizes.get(0)),
        peaks.get(1) / peaks.get(0),
        "x",
        1.5);
  }

  private Measured ecluse(Data data, String format) throws Exception {
    Path file = workspace.folder().resolve("ecluse.yaml");
    String before = Files.readString(file);
    Files.writeString(file, before + "staging: { format: " + format + " }\n");
    try {
      return measured(
          Measured.java(ExtractLoop.class, folder(), data.source(), String.valueOf(rounds)));
    } finally {
      Files.writeString(file, before);
    }
  }

  private Measured command(List<String> command, int times) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(workspace.password(), String.valueOf(times)));
    arguments.addAll(command);
    return measured(Measured.java(CommandLoop.class, arguments.toArray(String[]::new)));
  }

  private Measured spark(Data data) throws Exception {
    List<String> arguments = jdbcArguments();
    arguments.addAll(
        data.halved().isPresent()
            ? List.of(data.tables().get(0) + data.halved().get())
            : data.tables());
    return measured(
        Measured.spark("io.ecluse.spark.ExtractPeer", arguments.toArray(String[]::new)));
  }

  private Measured jdbc(Data data) throws Exception {
    List<String> arguments = jdbcArguments();
    arguments.addAll(data.tables());
    return measured(Measured.java(JdbcLoop.class, arguments.toArray(String[]::new)));
  }

  private List<String> jdbcArguments() {
    return new ArrayList<>(
        List.of(
            "jdbc:postgresql://127.0.0.1:%d/%s".formatted(workspace.erp().port(), DemoErp.DATABASE),
            DemoErp.READER,
            workspace.password(),
            out().toString(),
            String.valueOf(rounds)));
  }

  private String folder() {
    return workspace.folder().toString();
  }

  /** Where others write. */
  private Path out() {
    return workspace.folder().resolve("out");
  }

  private Measured measured(List<String> command) throws IOException, InterruptedException {
    System.out.println(
        "  " + command.stream().filter(w -> w.startsWith("io.ecluse.")).findFirst().orElse(""));
    Files.createDirectories(out());
    Measured took =
        Measured.of(
            command,
            new Processes(ProcessHandle.current(), workspace.folder().resolve(".ecluse/postgres")),
            Processes.server(workspace.folder().resolve(".ecluse/demo-erp")));
    try (Stream<Path> files = Files.walk(out())) {
      return took.wrote(files.mapToLong(f -> f.toFile().isFile() ? f.toFile().length() : 0).sum());
    } finally {
      Workspace.delete(out());
    }
  }

  /** Makes a table in a schema of its own, and the source that reads it. */
  private Data table(String name, long rows, String key, String columns)
      throws SQLException, IOException {
    System.out.printf("Filling %s with %d rows…%n", name, rows);
    try (Connection erp = workspace.erp().connect();
        Statement statement = erp.createStatement()) {
      statement.execute("CREATE SCHEMA " + name);
      statement.execute(
          "CREATE UNLOGGED TABLE %1$s.%1$s AS SELECT i::%4$s AS id, %2$s FROM generate_series(1, %3$d) t(i), hashint4extended(i, 1) h(signed), abs(signed / 2) hash"
              .formatted(name, columns, rows, key));
      statement.execute("ALTER TABLE %1$s.%1$s ADD PRIMARY KEY (id)".formatted(name));
      statement.execute("ANALYZE %1$s.%1$s".formatted(name));
      statement.execute("GRANT USAGE ON SCHEMA %s TO %s".formatted(name, DemoErp.READER));
      statement.execute(
          "GRANT SELECT ON ALL TABLES IN SCHEMA %s TO %s".formatted(name, DemoErp.READER));
    }
    Files.writeString(
        workspace.folder().resolve("sources/" + name + ".yaml"),
        """
        type: postgres
        connection: { host: 127.0.0.1, port: %d, database: %s, user: %s, password: "${secret:%s}" }
        schema: %s
        """
            .formatted(
                workspace.erp().port(), DemoErp.DATABASE, DemoErp.READER, DemoErp.SECRET, name));
    return data(name, name, Optional.of(":id:1:" + rows));
  }

  private static String wide() {
    return IntStream.range(0, WIDE_COLUMNS)
        .mapToObj(
            c ->
                switch (c % 5) {
                  case 0 -> "(i * %d %% 100000)::int AS n%d".formatted(c + 1, c);
                  case 1 -> "left(md5((i + %d)::text), %d) AS t%d".formatted(c, 4 + c / 2, c);
                  case 2 -> "(i %% 1000 / 8.0 + %d)::float8 AS f%d".formatted(c, c);
                  case 3 ->
                      "timestamp '2020-01-01' + (i %% 1000000 + %d) * interval '1 minute' AS at%d"
                          .formatted(c, c);
                  default -> "(i %% 3 = %d)::boolean AS b%d".formatted(c % 3, c);
                })
        .collect(Collectors.joining(", "));
  }

  private Data data(String source, String schema, Optional<String> halved) throws SQLException {
    List<String> tables = new ArrayList<>();
    long rows = 0;
    try (Connection erp = workspace.erp().connect();
        Statement statement = erp.createStatement()) {
      try (ResultSet names =
          statement.executeQuery(
              "SELECT tablename FROM pg_tables WHERE schemaname = '" + schema + "' ORDER BY 1")) {
        while (names.next()) {
          tables.add(schema + "." + names.getString(1));
        }
      }
      for (String table : tables) {
        try (ResultSet count = statement.executeQuery("SELECT count(*) FROM " + table)) {
          count.next();
          rows += count.getLong(1);
        }
      }
    }
    return new Data(source, List.copyOf(tables), rows, halved);
  }
}
