package io.ecluse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Platform;
import io.ecluse.Servers;
import io.ecluse.access.Caller;
import io.ecluse.access.Policy;
import io.ecluse.engine.Cancellation;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.query.Ticket;
import io.ecluse.scheduler.RunRequest;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.Trigger;
import io.ecluse.spark.SparkHome;
import io.ecluse.warehouse.OpenJob;
import io.ecluse.warehouse.ReadView;
import io.ecluse.web.WebServer;
import io.ecluse.web.WebSettings;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Spark's own tools, real ones, as people open them. */
@Timeout(300)
class SparkToolsTest {
  private static final List<String> QUICK =
      List.of("--cluster", "local", "--driver-java-options", "-XX:TieredStopAtLevel=1");

  @TempDir static Path folder;
  private static String metadata;
  private static Optional<Path> home = Optional.empty();
  private static Platform platform;

  private static Path write(String name, String text) throws IOException {
    Path file = folder.resolve("project").resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  @BeforeAll
  static void project() throws IOException, InterruptedException {
    metadata =
        "postgresql://%s:%s@127.0.0.1:%d/%s"
            .formatted(
                Servers.server().user(),
                Servers.server().password(),
                Servers.server().port(),
                Servers.newMigratedDatabase());
    write(
        "ecluse.yaml",
        """
        name: toys
        clusters:
          local: { type: local, cores: 2, memory: 700MB, conf: { spark.sql.shuffle.partitions: "2" } }
          hired: { type: emr, cluster_id: j-ABCDEFGHIJKLM, region: eu-west-3, address: 127.0.0.1, files: "s3://files/ecluse" }
        """);
    write("models/marts/shops.sql", "/* ecluse */\nSELECT 'north' AS shop, 7 AS toys\n");
    write("dags/daily.yaml", "retries: 0\ntasks: { models: { build: \"*\" } }\n");
    write("dags/gifts.yaml", "retries: 0\ntasks: { gifts: { outside: [partners.gifts] } }\n");
    platform =
        new Platform(
            new Platform.Opening(
                folder.resolve("project"),
                Project.DEFAULT_ENVIRONMENT,
                Platform.Workers.HERE,
                2,
                Map.of("ECLUSE_DATABASE_URL", metadata)));
    assertThat(platform.scheduler().awaitEnd(begin("daily")).state()).isEqualTo(RunState.SUCCESS);
    home = SparkHome.whole();
  }

  @AfterAll
  static void close() {
    Optional.ofNullable(platform).ifPresent(Platform::close);
  }

  private static String begin(String id) {
    var dag = new DagExpander(platform.project().get()).expand(platform.project().get().dag(id));
    return platform.scheduler().start(new RunRequest(dag, Trigger.MANUAL, Instant.now(), Set.of()));
  }

  /** A command in a process of its own, as a shell starts it. */
  private record Started(Process process, Path output) {
    String said() {
      try {
        return Files.readString(output);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    int end() throws InterruptedException {
      assertThat(process.waitFor(200, TimeUnit.SECONDS)).as(this::said).isTrue();
      return process.exitValue();
    }

    void awaitWord(String word) throws InterruptedException {
      while (!said().contains(word)) {
        assertThat(process.isAlive()).as(this::said).isTrue();
        Thread.sleep(50);
      }
    }
  }

  private static Started start(Map<String, String> variables, String input, List<String> words)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                // whoever runs the tests in the background has it ignored
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Program.classPath(),
                Main.class.getName()));
    command.addAll(words);
    Path in = Files.writeString(Files.createTempFile(folder, "typed", ".txt"), input);
    Path out = Files.createTempFile(folder, "said", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.resolve("project").toFile())
            .redirectErrorStream(true)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile());
    builder.environment().put("ECLUSE_DATABASE_URL", metadata);
    builder.environment().put("XDG_CACHE_HOME", SparkHome.CACHE);
    builder.environment().remove("SPARK_HOME");
    builder.environment().putAll(variables);
    return new Started(builder.start(), out);
  }

  private static Map<String, String> whole() {
    Assumptions.assumeTrue(home.isPresent(), "No Python, or no registry for its packages");
    return Map.of("SPARK_HOME", home.get().toString());
  }

  private static List<String> words(String tool, String... more) {
    List<String> words = new ArrayList<>(List.of(tool));
    words.addAll(QUICK);
    words.addAll(List.of(more));
    return words;
  }

  private static void assertNothingIsLeft() throws IOException {
    assertThat(platform.tokens().bearers()).isEmpty();
    Path spark = Files.createDirectories(folder.resolve("project/.ecluse/spark"));
    try (Stream<Path> files = Files.list(spark)) {
      assertThat(files.filter(f -> f.getFileName().toString().startsWith("tool_"))).isEmpty();
    }
  }

  /** Nobody else answers for the catalog: the command does. */
  @Test
  void theShellForScalaReadsWhatIsPublishedAndShowsNoToken() throws Exception {
    Started shell =
        start(
            whole(),
            """
            println("TOYS " + spark.sql("SELECT sum(toys) FROM marts.shops").head.getLong(0))
            println("TYPE " + spark.conf.get("spark.sql.timestampType"))
            val token = spark.conf.get("spark.sql.catalog.ecluse.token")
            println("SEEN " + java.lang.ProcessHandle.allProcesses.filter(p => p.info.commandLine.orElse("").contains(token)).count)
            println("PAGE " + scala.io.Source.fromURL(sc.uiWebUrl.get + "/environment/").mkString.contains(token))
            val file = java.nio.file.Path.of(".ecluse/spark").toFile.listFiles.filter(_.getName.startsWith("tool_")).head.toPath
            println("MODE " + java.nio.file.attribute.PosixFilePermissions.toString(java.nio.file.Files.getPosixFilePermissions(file)))
            try { spark.sql("CREATE TABLE marts.mine USING iceberg AS SELECT 1 AS one"); println("WROTE") } catch { case e: Throwable => println("REFUSED") }
            """,
            words("spark-shell"));

    assertThat(shell.end()).as(shell::said).isEqualTo(0);
    assertThat(shell.said())
        .contains("TOYS 7", "TYPE TIMESTAMP_NTZ", "SEEN 0", "PAGE false", "MODE rw-------")
        .contains("REFUSED")
        .doesNotContain("WROTE");
    assertNothingIsLeft();
  }

  @Test
  void theShellForPythonWritesInTheCatalogOfARunByTheServer() throws Exception {
    Map<String, String> variables = new HashMap<>(whole());
    variables.put("PYSPARK_DRIVER_PYTHON_OPTS", "-i"); // as at a terminal
    variables.put("PYTHONPATH", home.orElseThrow().resolve("python/lib/pyspark.zip").toString());
    String run = begin("gifts");
    try (WebServer server = WebServer.start(platform, new WebSettings("127.0.0.1", 0))) {
      while (platform.scheduler().tasks(run).stream().noneMatch(t -> t.startedAt().isPresent())) {
        Thread.sleep(50);
      }
      Started shell =
          start(
              variables,
              """
              print("DOOR", spark.conf.get("spark.sql.catalog.ecluse.uri"))
              spark.sql("SELECT shop, toys + 1 AS toys FROM marts.shops").writeTo("partners.gifts").using("iceberg").create()
              """,
              words("pyspark", "--run", run, "--conf", "spark.ui.enabled=false"));

      assertThat(shell.end()).as(shell::said).isEqualTo(0);
      assertThat(shell.said()).contains("DOOR " + server.url() + "/iceberg/runs/" + run);
    }
    platform.warehouse().open(run, OpenJob.NONE).tables().done();
    assertThat(platform.scheduler().awaitEnd(run).state()).isEqualTo(RunState.SUCCESS);
    Ticket ticket = Ticket.quick(Caller.commandLine(Policy.OPEN), new Cancellation());
    assertThat(
            platform
                .queries()
                .read(ticket, "SELECT shop, toys FROM partners.gifts", ReadView.PUBLISHED, 10)
                .rows())
        .containsExactly(new Object[] {"north", 8});
    assertNothingIsLeft();
  }

  /** With jars alone, as they are fetched. */
  @Test
  void aProgramHasItsOwnArgumentsSignalsAndExitCode() throws Exception {
    String jar = jar().toString();
    Started told =
        start(
            Map.of(),
            "",
            words("spark-submit", "--class", "Told", jar, "--dir", "elsewhere", "--cluster", "x"));
    assertThat(told.end()).as(told::said).isEqualTo(7);
    assertThat(told.said()).contains("GIVEN --dir elsewhere --cluster x");

    Started waiting = start(Map.of(), "", words("spark-submit", "--class", "Told", jar));
    waiting.awaitWord("WAITS");
    signal("INT", waiting.process().pid()); // half of what Ctrl-C does
    ProcessHandle program = waiting.process().children().findFirst().orElseThrow();
    assertThat(program.isAlive()).isTrue();
    signal("INT", program.pid());
    assertThat(waiting.end()).as(waiting::said).isEqualTo(130);

    Started ended = start(Map.of(), "", words("spark-submit", "--class", "Told", jar));
    ended.awaitWord("WAITS");
    ProcessHandle last = ended.process().children().findFirst().orElseThrow();
    signal("TERM", ended.process().pid());
    assertThat(ended.end()).as(ended::said).isEqualTo(143);
    assertThat(last.isAlive()).isFalse();
    assertNothingIsLeft();
  }

  @Test
  void aClusterWhoseApplicationsAServiceStartsIsNoneToJoin() throws Exception {
    Started shell = start(Map.of(), "", List.of("spark-submit", "--cluster", "hired", "a.jar"));

    assertThat(shell.end()).isEqualTo(Main.WRONG_USAGE);
    assertThat(shell.said()).contains("Cluster hired is of kind emr", "choose another");
    assertNothingIsLeft();
  }

  private static void signal(String name, long pid) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start().waitFor())
        .isZero();
  }

  private static Path jar() throws IOException, InterruptedException {
    Path classes = Files.createDirectories(folder.resolve("classes"));
    Path source =
        Files.writeString(
            folder.resolve("Told.java"),
            """
            public class Told {
              public static void main(String[] given) throws Exception {
                System.out.println("GIVEN " + String.join(" ", given));
                if (given.length > 0) System.exit(7);
                System.out.println("WAITS");
                Thread.sleep(600_000);
              }
            }
            """);
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-d", classes.toString(), source.toString()))
        .isZero();
    Path jar = folder.resolve("told.jar");
    assertThat(
            new ProcessBuilder(
                    System.getProperty("java.home") + File.separator + "bin/jar",
                    "cf",
                    jar.toString(),
                    "-C",
                    classes.toString(),
                    ".")
                .start()
                .waitFor())
        .isZero();
    return jar;
  }
}
