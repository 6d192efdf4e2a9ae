package io.ecluse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.DemoFixture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Commands that a server does say what they say without one. */
@Timeout(600)
class DoorTest {
  private static final String WIDE = "select student_id, region, average_grade from marts.students";

  @TempDir static Path temp;
  private static DemoFixture demo;
  private static DoorServer door;
  private static String run;

  @BeforeAll
  static void serve() {
    demo = DemoFixture.open(temp.resolve("supinfo"), 0.02);
    run = demo.run().id();
    door = DoorServer.open(demo.platform(), System.getenv()).orElseThrow();
  }

  @AfterAll
  static void stop() {
    door.close();
    demo.close();
  }

  /** What a command printed, and its exit code. */
  private record Said(Optional<Integer> exitCode, String out, String err) {
    static Said by(Function<String[], Optional<Integer>> program, String... words) {
      List<String> all = new ArrayList<>(List.of(words));
      all.addAll(List.of("--dir", demo.folder().toString()));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      PrintStream ownOut = System.out;
      PrintStream ownErr = System.err;
      try (PrintStream to = new PrintStream(out, true, StandardCharsets.UTF_8);
          PrintStream errTo = new PrintStream(err, true, StandardCharsets.UTF_8)) {
        System.setOut(to);
        System.setErr(errTo);
        Optional<Integer> code = program.apply(all.toArray(String[]::new));
        return new Said(
            code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
      } finally {
        System.setOut(ownOut);
        System.setErr(ownErr);
      }
    }
  }

  private static Said thin(String... words) {
    return Said.by(DoorClient::run, words);
  }

  private static Said alone(String... words) {
    return Said.by(w -> Optional.of(Main.run(w)), words);
  }

  static Stream<List<String>> looking() {
    List<List<String>> commands = new ArrayList<>();
    for (List<String> plain :
        List.of(
            List.of("validate"),
            List.of("ls"),
            List.of("ls", "sources"),
            List.of("ls", "streams"),
            List.of("ls", "batches"),
            List.of("ls", "tables"),
            List.of("ls", "models"),
            List.of("ls", "dags"),
            List.of("ls", "dashboards"),
            List.of("ls", "runs", "--limit", "1"),
            List.of("show", "run", run),
            List.of("show", "run", "none"),
            List.of("show", "table", "marts.students"),
            List.of("show", "table", "students"),
            List.of("show", "dag", "erp_daily"),
            List.of("show", "model", "marts.students"),
            List.of("show", "batch", "erp.students"),
            List.of("source", "check", "erp"),
            List.of("token", "ls"),
            List.of("query", WIDE),
            List.of("query", "select 1 as x, 'a;b' as y, timestamptz '2026-01-01 00:00:00+01'"),
            List.of("query", "select * from nowhere"),
            List.of("maintain", "--dry-run"))) {
      commands.add(plain);
      List<String> json = new ArrayList<>(plain);
      json.addAll(List.of("--format", "json"));
      commands.add(json);
    }
    commands.add(List.of("query", "--format", "csv", WIDE));
    commands.add(List.of("query", "--at", "2100-01-01", "select count(*) from erp.students"));
    commands.add(List.of("query", "--run", run, "select count(*) from erp.students"));
    commands.add(List.of("ls", "nothing"));
    commands.add(List.of("sign-in"));
    commands.add(List.of("run", "no_such_dag"));
    commands.add(List.of("rollback", "no_such_run"));
    commands.add(List.of("token", "revoke", "nobody"));
    return commands.stream();
  }

  @ParameterizedTest
  @MethodSource("looking")
  void saysTheSameByTheServerAndAlone(List<String> words) {
    String[] typed = words.toArray(String[]::new);
    Said thin = thin(typed);
    assertThat(thin.exitCode()).as("the server did it").isPresent();
    assertThat(thin).isEqualTo(alone(typed));
  }

  @Test
  void writesTheSameFilesAndSeesPathsFromWhereTheyAreTyped() throws IOException {
    Path thin = temp.resolve("thin.parquet");
    Path alone = temp.resolve("alone.parquet");
    Path relative = Path.of("").toAbsolutePath().relativize(thin);
    assertThat(thin("query", "--format", "parquet", "-o", relative.toString(), WIDE).exitCode())
        .hasValue(Main.DONE);
    alone("query", "--format", "parquet", "-o", alone.toString(), WIDE);
    assertThat(Files.size(thin)).isEqualTo(Files.size(alone)).isPositive();
    assertThat(thin("backup", temp.resolve("backups").toString()).exitCode()).hasValue(Main.DONE);
    String[] list = {"backup", "--list", temp.resolve("backups").toString()};
    assertThat(thin(list)).isEqualTo(alone(list));
  }

  @Test
  void runsThingsAndSaysHowTheyWent() {
    Said load = thin("load", "erp", "campuses");
    assertThat(load.exitCode()).hasValue(Main.DONE);
    assertThat(load.err()).contains("✓ load_erp.campuses");
    assertThat(load.out()).contains("publish").contains("success in");
    Said extract = thin("extract", "erp", "campuses", "--format", "json");
    assertThat(extract.out()).contains("\"state\" : \"success\"").contains("\"attempts\"");
  }

  @Test
  void seesFilesOfTheProjectAsTheyAreNow() throws IOException {
    Path model = demo.folder().resolve("models/marts/fresh.sql");
    Files.writeString(model, "/* ecluse\ndescription: Fresh\n*/\nSELECT 1 AS one\n");
    try {
      assertThat(thin("ls", "models").out()).contains("marts.fresh");
    } finally {
      Files.delete(model);
    }
    assertThat(thin("ls", "models").out()).doesNotContain("marts.fresh");
  }

  @Test
  void isOpenToItsOwnUserAlone() throws IOException {
    Path folder = demo.folder().resolve(".ecluse/door");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
    Path sign = folder.resolve("dev");
    String said = Files.readString(sign);
    int uid = (int) Files.getAttribute(sign, "unix:uid");
    if (uid == 0) { // only root can give a file away
      Files.setAttribute(sign, "unix:uid", 65534);
      try {
        assertThat(thin("ls").exitCode()).as("another's door may be anybody's").isEmpty();
      } finally {
        Files.setAttribute(sign, "unix:uid", uid);
      }
    }
    Files.writeString(sign, said.replace("\n" + Door.version() + "\n", "\nanother version\n"));
    try {
      assertThat(thin("ls").exitCode()).isEmpty();
    } finally {
      Files.writeString(sign, said);
    }
    assertThat(thin("ls").exitCode()).hasValue(Main.DONE);
  }

  @Test
  void aCopyOfTheProjectHasNoDoor() throws IOException {
    Path copy = temp.resolve("copy");
    Path sign = copy.resolve(".ecluse/door/dev");
    Files.createDirectories(sign.getParent());
    Files.copy(demo.folder().resolve(".ecluse/door/dev"), sign);
    assertThat(DoorClient.run("ls", "--dir", copy.toString())).isEmpty();
  }

  @Test
  void leavesToTheCommandWhatIsOfAnotherDatabaseOrContainer() throws IOException {
    Path folder = temp.resolve("other");
    try (DoorServer other =
        DoorServer.open(demo.platform(), Map.of("ECLUSE_DATABASE_URL", "postgresql://x@y/z"))
            .orElseThrow()) {
      assertThat(thin("ls").exitCode()).as(folder.toString()).isEmpty();
    }
    assertThat(thin("ls").exitCode()).as("the newest took its sign with it").isEmpty();
    door.close();
    door = DoorServer.open(demo.platform(), System.getenv()).orElseThrow();
    assertThat(thin("ls").exitCode()).hasValue(Main.DONE);
  }

  @Test
  void loadsNeitherDatabaseNorEngineNorFramework() throws IOException {
    Path log = temp.resolve("classes.txt");
    try (Program program =
        Program.ofClassesWith(
            List.of("-Xlog:class+load:file=" + log),
            temp,
            "query",
            "select 42 as answer",
            "--dir",
            demo.folder().toString())) {
      assertThat(program.exitCode()).as(program.output()).isZero();
      assertThat(program.output()).contains("42");
    }
    Set<String> ours = new TreeSet<>();
    for (String line : Files.readAllLines(log)) {
      String[] words = line.replaceAll("^(\\[[^]]*])+ *", "").split(" ");
      if (!words[0].matches("(java|javax|jdk|sun|com\\.sun)\\..*") && !line.contains("jrt:/")) {
        ours.add(words[0].replaceAll("[$/].*", ""));
      }
    }
    assertThat(ours)
        .containsExactlyInAnyOrder(
            "io.ecluse.cli.Main",
            "io.ecluse.cli.Door",
            "io.ecluse.cli.DoorClient",
            "io.ecluse.cli.RunWatcher");
  }
}
