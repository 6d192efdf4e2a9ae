package io.ecluse.web;

import io.ecluse.Platform;
import io.ecluse.Registrations;
import io.ecluse.Servers;
import io.ecluse.access.Caller;
import io.ecluse.access.Policy;
import io.ecluse.engine.Cancellation;
import io.ecluse.flow.RunStarts;
import io.ecluse.flow.TaskKind;
import io.ecluse.flow.TaskRun;
import io.ecluse.pipeline.Work;
import io.ecluse.project.DagExpander;
import io.ecluse.project.DagFile;
import io.ecluse.project.Expansion.Planned;
import io.ecluse.project.Format;
import io.ecluse.project.Localized;
import io.ecluse.project.Shape;
import io.ecluse.project.Value;
import io.ecluse.query.Ticket;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.TaskResult;
import io.ecluse.scheduler.Trigger;
import io.ecluse.storage.HdfsServer;
import io.ecluse.storage.S3Server;
import io.ecluse.warehouse.ReadView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.rest.RESTCatalog;

/**
 * A shop whose runs wait for writers from outside, between what they load and their tests; and a
 * server for those.
 */
final class OutsideFixture implements AutoCloseable {
  /** What Iceberg's client makes its client of S3 by, without one of each service of Amazon's. */
  static final Map<String, String> S3_CLIENT =
      Map.of(
          "io-impl",
          "org.apache.iceberg.aws.s3.S3FileIO",
          "http-client.type",
          "urlconnection",
          "s3.client-factory-impl",
          "org.apache.iceberg.aws.s3.DefaultS3FileIOAwsClientFactory");

  private final Path folder;
  private final Waiting waiting = new Waiting();
  private final Platform platform;
  private final WebServer server;

  /** Waits until it is told to go on; meanwhile its run is open. */
  private static final class Waiting implements TaskKind {
    private final Map<String, CountDownLatch> doors = new ConcurrentHashMap<>();
    private final Map<String, String> tickets = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> begun = new ConcurrentHashMap<>();
    private Optional<Platform> platform = Optional.empty();

    @Override
    public String name() {
      return "wait";
    }

    @Override
    public Localized word() {
      return new Localized("wait", "attente");
    }

    @Override
    public List<Shape.Field> keys() {
      return List.of(Shape.Field.optional("wait", new Shape.Text(Format.NAME), "For whom."));
    }

    @Override
    public DagFile.Action action(Value.Entries task) {
      return expansion ->
          expansion.add(
              Planned.of(
                  expansion.step(),
                  new Work("wait", Map.of("for", task.text("wait", "")))
                      .writing("partners.gifts")));
    }

    private static CountDownLatch of(Map<String, CountDownLatch> all, String run) {
      return all.computeIfAbsent(run, r -> new CountDownLatch(1));
    }

    @Override
    public TaskResult run(TaskRun run) throws InterruptedException {
      String id = run.attempt().runId();
      String ticket =
          platform.orElseThrow().others().writers().ticket(id, run.attempt()::holdPlace);
      tickets.put(id, ticket);
      of(begun, id).countDown();
      of(doors, id).await();
      return TaskResult.NOTHING;
    }
  }

  OutsideFixture(Path folder, Policy policy) throws IOException {
    this(folder, policy, "");
  }

  /**
   * The same, with its tables elsewhere.
   *
   * @param warehouse what the project says of that
   */
  OutsideFixture(Path folder, Policy policy, String warehouse) throws IOException {
    this.folder = folder;
    project();
    write("ecluse.yaml", "name: shop\n" + warehouse);
    this.platform =
        new Platform(
            new Platform.Opening(
                    folder,
                    "dev",
                    Platform.Workers.HERE,
                    4,
                    Map.of(
                        "ECLUSE_DATABASE_URL",
                        Servers.url(Servers.newMigratedDatabase()),
                        "ECLUSE_SECRET_S3_KEY",
                        S3Server.KEY,
                        "ECLUSE_SECRET_S3_WORD",
                        S3Server.SECRET))
                .with(Registrations.builtIn().with(waiting).with(policy)));
    waiting.platform = Optional.of(platform);
    this.server = WebServer.start(platform, new WebSettings("127.0.0.1", 0));
  }

  /** What a project says whose tables are on the tests' S3 server. */
  static String onS3() {
    System.setProperty("aws.requestChecksumCalculation", "when_required"); // for what others send
    return """
        warehouse:
          location: s3://%s/school
          s3: { endpoint: "%s", access_key: "${secret:s3_key}", secret_key: "${secret:s3_word}" }
        """
        .formatted(S3Server.shared().newBucket(), S3Server.shared().endpoint());
  }

  /** What a project says whose tables are here, and may be taken to the tests' S3 server. */
  static String reachingS3() {
    return onS3().replaceFirst("(?m)^  location: .*\n", "");
  }

  /** What a project says whose tables are on the tests' HDFS. */
  static String onHdfs() {
    return "warehouse: { location: \"%s\" }\n".formatted(HdfsServer.shared().newLocation());
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void project() throws IOException {
    write("exports/toys.csv", "id,price,shop\n1,2.5,north\n2,3.5,north\n3,4.5,south\n");
    write(
        "sources/stock.yaml",
        """
        type: files
        location: exports
        streams:
          toys: { files: toys.csv }
        """);
    write(
        "models/marts/shops.sql",
        "/* ecluse\ndescription: Shops\n*/\nSELECT shop, sum(price) AS total FROM stock.toys GROUP BY shop\n");
    write(
        "models/marts/dear.sql",
        "/* ecluse\ndescription: Dear shops\nmaterialized: view\n*/\nSELECT shop FROM marts.shops WHERE total > 5\n");
    write(
        "models/marts/kinds.sql",
        """
        /* ecluse
        description: All types there are
        */
        SELECT true AS boolean, 42::INTEGER AS integer, 1234567890123::BIGINT AS bigint,
          1.5::REAL AS real, 'NaN'::DOUBLE AS double, 12345.67::DECIMAL(9, 2) AS decimal,
          'Noël 🎄' AS varchar, DATE '2026-02-28' AS date,
          TIMESTAMP '2026-02-28 23:59:59.123456' AS timestamp,
          TIMESTAMPTZ '2026-02-28 23:59:59.123456+02' AS timestamptz,
          'ab'::BLOB AS blob, '01234567-89ab-cdef-0123-456789abcdef'::UUID AS uuid
        UNION ALL
        SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
        """);
    write("tests/no_gifts.sql", "SELECT id FROM stock.toys WHERE price = 0\n");
    write(
        "dags/daily.yaml",
        """
        retries: 0
        tasks:
          read: { extract: stock }
          load: { load: stock, after: [read] }
          models: { build: "*", after: [load] }
        """);
    write(
        "dags/outside.yaml",
        """
        retries: 0
        tasks:
          open: { wait: partners }
          audits: { audit: "*", after: [open] }
        """);
    write(
        "dags/partners.yaml",
        """
        retries: 0
        tasks:
          gifts: { outside: [partners.presents] }
          audits: { audit: "*", after: [gifts] }
        """);
  }

  Platform platform() {
    return platform;
  }

  WebServer server() {
    return server;
  }

  /** Loads and builds everything. */
  Run daily() {
    return platform.scheduler().awaitEnd(start("daily"));
  }

  String start(String dag) {
    return platform
        .starts()
        .start(
            new RunStarts.Wish(
                p -> new DagExpander(p).expand(p.dag(dag)), Map.of(), Trigger.MANUAL));
  }

  /** Begins a run, and returns its id once writers may write in it. */
  String open() {
    String run = start("outside");
    try {
      if (!Waiting.of(waiting.begun, run).await(30, TimeUnit.SECONDS)) {
        throw new AssertionError("The run did not begin");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return run;
  }

  /** What the task that waits writes by. */
  String ticket(String run) {
    return waiting.tickets.get(run);
  }

  /** Lets a run go on, and waits for its end. */
  Run close(String run) {
    Waiting.of(waiting.doors, run).countDown();
    return platform.scheduler().awaitEnd(run);
  }

  /** Ends the runs that are open; nothing of theirs is published. */
  void abandon() {
    for (String run : List.copyOf(waiting.begun.keySet())) {
      if (!platform.scheduler().find(run).orElseThrow().state().isEnd()) {
        platform.scheduler().cancel(run);
        platform.scheduler().awaitEnd(run);
      }
    }
  }

  List<Object[]> rows(String sql, ReadView view) {
    Ticket ticket = Ticket.quick(Caller.commandLine(Policy.OPEN), new Cancellation());
    return platform.queries().read(ticket, sql, view, 1000).rows();
  }

  /** Iceberg's own client. */
  RESTCatalog catalog(String path, String token) {
    return catalog(path, token, Map.of());
  }

  /** The same, told more. */
  RESTCatalog catalog(String path, String token, Map<String, String> more) {
    Map<String, String> all = new HashMap<>(more);
    all.put("uri", server.url() + "/iceberg" + path);
    all.put("token", token);
    RESTCatalog catalog = new RESTCatalog();
    catalog.initialize("ecluse", all);
    return catalog;
  }

  /** Serves until the input ends: for trying engines by hand. */
  public static void main(String[] args) throws IOException {
    String warehouse =
        switch (args.length > 1 ? args[1] : "") {
          case "s3" -> onS3();
          case "hdfs" -> onHdfs();
          default -> "";
        };
    try (OutsideFixture shop = new OutsideFixture(Path.of(args[0]), Policy.OPEN, warehouse)) {
      shop.daily();
      System.out.println("URL=" + shop.server.url() + "/iceberg");
      System.out.println("TOKEN=" + shop.platform.tokens().newBearer("tries"));
      System.out.println("RUN=" + shop.open());
      System.in.read();
    }
  }

  @Override
  public void close() {
    waiting.doors.values().forEach(CountDownLatch::countDown);
    server.close();
    platform.close();
  }
}
