package io.ecluse.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.DemoFixture;
import io.ecluse.Dialect;
import io.ecluse.Platform;
import io.ecluse.Registrations;
import io.ecluse.Servers;
import io.ecluse.flow.NewSource;
import io.ecluse.flow.RunStarts;
import io.ecluse.flow.SourceDraft;
import io.ecluse.flow.SourceInspections;
import io.ecluse.project.DagExpander;
import io.ecluse.project.JsonSchemas;
import io.ecluse.project.Problem;
import io.ecluse.project.ProjectReader;
import io.ecluse.project.Shape;
import io.ecluse.project.SourceCheck;
import io.ecluse.project.SourceFile;
import io.ecluse.project.SourceKeys;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.Trigger;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.SqlParser;
import io.ecluse.source.Declared;
import io.ecluse.source.Discovery;
import io.ecluse.source.ExtractListener;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.Finding;
import io.ecluse.source.Landing;
import io.ecluse.source.Source;
import io.ecluse.source.SourceNaming;
import io.ecluse.source.SourceTools;
import io.ecluse.source.SourceType;
import io.ecluse.source.StreamDescription;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.StagedColumn;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A kind of source, registered by one line, and a whole flow with it. */
@Timeout(120)
class ToySourceTest {
  private static final List<StagedColumn> COLUMNS =
      List.of(
          new StagedColumn(new Column("id", DataType.INTEGER), "count"),
          new StagedColumn(new Column("email", DataType.VARCHAR), "word"));

  @TempDir Path folder;
  private final String database = Servers.newMigratedDatabase();

  /** A tower with bells: {@code type: tower}, its door and how often a bell was rung. */
  private static final class TowerType implements SourceType {
    @Override
    public String name() {
      return "tower";
    }

    @Override
    public Shape.Fields shape() {
      return SourceKeys.file(
          "a tower",
          name(),
          """
          connection!: {a door}  How to get in.
            door!: template  Where it is.
            key: secret  What opens it.
          rings: 1..99  How often a bell was rung.
          streams: map stream @bell  Bells to hear.
          extract: {extract}  How gently to listen.
          """
              + SourceKeys.HOURS,
          Map.of("bell", SourceKeys.wholeTable()));
    }

    @Override
    public void check(SourceCheck file) {
      file.content()
          .entries("connection")
          .text("door")
          .filter(door -> door.text().equals("nobodys"))
          .ifPresent(door -> file.error(door.at(), "There is no door 'nobodys'"));
    }

    @Override
    public Source open(Declared source, SourceTools tools) {
      return new Tower(
          source.name(),
          source.text(source.connection(), "door")
              + source.find(source.connection(), "key").orElse(""),
          source.content().whole("rings").orElse(1),
          tools.stage());
    }

    @Override
    public Optional<SourceNaming> naming() {
      return Optional.of(
          new SourceNaming(
              List.of("bell"),
              "bell:DOOR",
              List.of("door"),
              List.of("door"),
              Map.of("rings", "2"),
              url -> Map.of("door", url.substring("bell:".length()))));
    }
  }

  private record Tower(String name, String door, int rings, Landing.Stage stage) implements Source {
    @Override
    public List<StreamDescription> streams() {
      return List.of(new StreamDescription("big_bell", COLUMNS, rings, 0));
    }

    @Override
    public List<BatchManifest> extract(ExtractRequest request, ExtractListener listener) {
      Landing.By by = new Landing.By(name, "tower/1");
      try (Landing landing = new Landing(by, request, listener, stage)) {
        landing.open();
        AtomicInteger rung = new AtomicInteger();
        landing.stream("big_bell", COLUMNS)
            .write(
                row -> {
                  if (rung.get() == rings) {
                    return false;
                  }
                  row.set(0, rung.incrementAndGet());
                  row.set(1, door);
                  return true;
                },
                8);
        return landing.commit("now");
      }
    }
  }

  private static Registrations registrations() {
    return Registrations.builtIn().with(new TowerType());
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  @BeforeEach
  void project() throws IOException {
    write("ecluse.yaml", "name: some\n");
    write(
        "sources/church.yaml",
        """
        type: tower
        description: The tower of the church.
        connection: { door: north, key: "${secret:key}" }
        rings: 3
        streams:
          big_bell: { primary_key: [id] }
        extract: { hours: { from: "00:00", to: "23:59" } }
        """);
    write(
        "dags/listen.yaml",
        """
        tasks:
          hear: { extract: church }
          keep: { load: church, after: hear }
        """);
  }

  private Platform platform() {
    Map<String, String> variables =
        Map.of("ECLUSE_DATABASE_URL", Servers.url(database), "ECLUSE_SECRET_KEY", "-1");
    return new Platform(
        new Platform.Opening(folder, "dev", Platform.Workers.HERE, 2, variables)
            .with(registrations()));
  }

  private SourceInspections inspections(Map<String, String> variables) {
    return Dialect.inspections(registrations(), folder, variables);
  }

  private static SourceFile source(Path folder) {
    try (SqlParser parser = Dialect.parser()) {
      return new ProjectReader(parser, registrations().vocabulary())
          .read(folder)
          .orThrow()
          .source("church");
    }
  }

  @Test
  void aWholeFlowRunsWithAKindOfSourceOfItsOwn() {
    try (Platform platform = platform()) {
      assertThat(platform.project().problems()).isEmpty();
      String id =
          platform
              .starts()
              .start(
                  new RunStarts.Wish(
                      project -> new DagExpander(project).expand(project.dag("listen")),
                      Map.of(),
                      Trigger.MANUAL));
      Run run = platform.scheduler().awaitEnd(id);

      assertThat(run.error()).isEmpty();
      assertThat(run.state()).isEqualTo(RunState.SUCCESS);
      assertThat(DemoFixture.rows(platform, "select max(id), max(email) from church.big_bell"))
          .containsExactly(List.of("3", "north-1"));
      try (WebServer server = WebServer.start(platform, new WebSettings("127.0.0.1", 0))) {
        String token = platform.tokens().newBearer("test");
        HttpResponse<String> catalog =
            BlankServer.send(
                BlankServer.request(server, "/api/v1/catalog")
                    .header("Authorization", "Bearer " + token));
        assertThat(catalog.body()).contains("The tower of the church.", "\"big_bell\"");
      }
    }
  }

  @Test
  void itsFilesAreCheckedAndDescribed() throws IOException {
    write("sources/a.yaml", "type: tower\nconnection: { door: nobodys, kei: x }\n");
    write("sources/b.yaml", "type: towr\n");
    write("sources/c.yaml", "type: tower\nconnection: { door: north }\nrings: many\n");
    try (SqlParser parser = Dialect.parser()) {
      assertThat(new ProjectReader(parser, registrations().vocabulary()).read(folder).problems())
          .extracting(Problem::toString)
          .containsExactly(
              "sources/a.yaml:2:21: error: There is no door 'nobodys'",
              "sources/a.yaml:2:30: error: Unknown key 'kei' in a door (did you mean key?)",
              "sources/b.yaml:1:7: error: Expected one of postgres, files, jdbc, mariadb, http, tower, found the text 'towr' (did you mean tower?)",
              "sources/c.yaml:3:8: error: Expected a whole number from 1 to 99, found the text 'many'");
    }
    assertThat(new JsonSchemas(registrations().vocabulary()).all().get("source"))
        .contains("\"tower\"", "How often a bell was rung.");
  }

  @Test
  void isCheckedAndDiscoveredByWhatItSaysOfItsStreams() throws IOException {
    List<Finding> found = new ArrayList<>();
    inspections(Map.of()).check(source(folder), found::add);
    assertThat(found)
        .singleElement()
        .satisfies(f -> assertThat(f.remedy()).containsExactly("run: ecluse secret key"));

    found.clear();
    inspections(Map.of("ECLUSE_SECRET_KEY", "-1")).check(source(folder), found::add);
    assertThat(found).containsExactly(Finding.ok("streams", "all 1 are there"));

    write(
        "sources/church.yaml",
        "type: tower\nconnection: { door: north }\nstreams: { small_bell: }\n");
    found.clear();
    inspections(Map.of()).check(source(folder), found::add);
    assertThat(found)
        .containsExactly(
            Finding.problem(
                "streams",
                "there is no stream small_bell",
                "there are big_bell; correct streams of sources/church.yaml"));
  }

  @Test
  void isNamedOnACommandLineByAUrlOfItsOwn() throws IOException {
    NewSource.Words words = new NewSource.Words(registrations().sourceTypes().namings());
    NewSource named;
    try (SqlParser parser = Dialect.parser()) {
      named =
          NewSource.of(
              "church",
              words.of("bell:south"),
              Optional.of("church_password"),
              words,
              new ProjectReader(parser, registrations().vocabulary()));
    }
    Discovery discovery = inspections(Map.of()).discover(named.file(), (what, done, all) -> {});

    String yaml = named.yaml(discovery);
    assertThat(yaml)
        .contains("type: tower\nconnection:\n  door: south\nrings: 2\nstreams:\n  big_bell:")
        .contains("email: {personal: contact}")
        .doesNotContain("password");
    write("sources/church.yaml", yaml);
    assertThat(source(folder).streams()).containsOnlyKeys("big_bell");
    assertThat(SourceDraft.anew(yaml, discovery)).contains("door: south", "  big_bell:");
  }
}
