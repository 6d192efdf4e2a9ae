package io.ecluse.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.ecluse.Dialect;
import io.ecluse.Registrations;
import io.ecluse.decode.FileParts;
import io.ecluse.disk.Disk;
import io.ecluse.duckdb.DuckDbEngine;
import io.ecluse.duckdb.EngineParser;
import io.ecluse.engine.EngineSettings;
import io.ecluse.project.LocalSecrets;
import io.ecluse.project.Problem;
import io.ecluse.project.ProjectReader;
import io.ecluse.project.SourceFile;
import io.ecluse.schema.RowsWanted;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.Finding;
import io.ecluse.source.Landing;
import io.ecluse.source.SilentListener;
import io.ecluse.source.Source;
import io.ecluse.source.SourceTools;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.StagingArea;
import io.ecluse.warehouse.Warehouse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** The example of docs/new-source.md: compiled, put into a project as a jar, and run. */
class SourcePluginTest {
  private static final Path EXAMPLE = Path.of("../docs/examples/typed-tsv");
  private static final String SERVICE = "META-INF/services/io.ecluse.source.SourceFactory";

  @TempDir Path folder;

  @BeforeEach
  void project() throws IOException {
    write("ecluse.yaml", "name: school\n");
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  /** Compiles the example, its test too, and gives the folder of classes. */
  private Path compiled() throws IOException {
    Path classes = Files.createDirectories(folder.resolve("classes"));
    List<String> words =
        new ArrayList<>(
            List.of(
                "-proc:none",
                "-Xlint:all,-processing,-classfile,-path",
                "-Werror",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                classes.toString()));
    try (Stream<Path> sources = Files.list(EXAMPLE)) {
      sources.map(Path::toString).filter(s -> s.endsWith(".java")).forEach(words::add);
    }
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, words.toArray(String[]::new)))
        .isZero();
    return classes;
  }

  /** A jar whose sources tell, in the place of streams, on which terms they were opened. */
  private void installBell() throws IOException {
    Path text =
        write(
            "bell/Bell.java",
            """
            import io.ecluse.error.*;
            import io.ecluse.source.*;
            import io.ecluse.staging.BatchManifest;
            import java.util.List;

            public final class Bell implements SourceFactory {
              public String type() {
                return "bell";
              }

              public Source open(Opening opening) {
                return new Source() {
                  public String name() {
                    return opening.name();
                  }

                  public List<StreamDescription> streams() {
                    throw new EcluseException(ErrorCode.SOURCE_REFUSED, opening.terms().toString());
                  }

                  public List<BatchManifest> extract(ExtractRequest of, ExtractListener listener) {
                    return List.of();
                  }
                };
              }
            }
            """);
    String path = System.getProperty("java.class.path");
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-cp", path, text.toString()))
        .isZero();
    Map<String, byte[]> entries = new java.util.TreeMap<>();
    try (Stream<Path> classes = Files.list(text.getParent())) {
      for (Path file : classes.filter(f -> f.toString().endsWith(".class")).toList()) {
        entries.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    entries.put(SERVICE, "Bell".getBytes(UTF_8));
    entries.put(
        "META-INF/ecluse-sources.yaml",
        "bell: { modes: [full, incremental], keeps: [drift, max_rate, compare] }".getBytes(UTF_8));
    jar("bell.jar", entries);
  }

  @Test
  void itHasThePlansAndLimitsThatItsDescriptionLetsFilesSay() throws IOException {
    installBell();
    write(
        "sources/b.yaml",
        """
        type: bell
        drift: freeze
        streams:
          rings: { mode: incremental, cursor: at, look_back: 1h }
        extract: { max_rate: 5MB, compare: checksums, hours: { from: "20:00", to: "06:00" } }
        """);
    write(
        "sources/c.yaml",
        "type: bell\nstreams: { rings: { mode: append } }\nextract: { max_slowdown: 5 }\n");

    assertThat(problems())
        .containsExactly(
            "sources/c.yaml:2:27: error: Expected one of full, incremental, found the text 'append'",
            "sources/c.yaml:3:12: error: Unknown key 'max_slowdown' in extract (there are max_rate, compare, hours)");
    Files.delete(folder.resolve("sources/c.yaml"));
    List<Finding> found = new ArrayList<>();
    SourceFile file =
        new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary())
            .read(folder)
            .orThrow()
            .source("b");
    Dialect.inspections(folder, Map.of()).check(file, found::add);
    assertThat(file.hours()).isPresent();
    assertThat(found)
        .singleElement()
        .satisfies(
            f ->
                assertThat(f.found())
                    .contains("mode=INCREMENTAL, cursor=Optional[at], lookBack=Optional[PT1H]")
                    .contains("drift=FREEZE", "maxRate=Optional[5000000]", "compare=CHECKSUMS"));
  }

  private void jar(String name, Map<String, byte[]> entries) throws IOException {
    Path jar = folder.resolve("plugins").resolve(name);
    Files.createDirectories(jar.getParent());
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        out.putNextEntry(new ZipEntry(entry.getKey()));
        out.write(entry.getValue());
      }
    }
  }

  private void install() throws IOException {
    Map<String, byte[]> entries = new java.util.TreeMap<>();
    for (Path root : List.of(compiled(), EXAMPLE)) {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          String name = root.relativize(file).toString();
          if (!name.contains("Test") && !name.endsWith(".java")) {
            entries.put(name, Files.readAllBytes(file));
          }
        }
      }
    }
    jar("typed-tsv.jar", entries);
  }

  private List<String> problems() {
    return new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary())
        .read(folder).problems().stream().map(Problem::toString).toList();
  }

  private List<BatchManifest> extract(String source) {
    Warehouse unused =
        new Warehouse(Jdbi.create("jdbc:none"), "test", folder.resolve("warehouse"), new Disk());
    EngineSettings settings =
        new EngineSettings(
            128L << 20, 1, folder.resolve("spill"), 1L << 30, List.of(folder.resolve("staging")));
    try (DuckDbEngine engine = new DuckDbEngine(settings, unused)) {
      Source opened =
          new ProjectSources(
                  () ->
                      new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary())
                          .read(folder)
                          .orThrow(),
                  Registrations.builtIn().sourceTypes(),
                  new LocalSecrets(Map.of("PLACE", "tsv"), folder),
                  new SourceTools(
                      new Landing.Stage(
                          new StagingArea(folder.resolve("staging")),
                          engine.parts(),
                          Clock.systemUTC()),
                      new FileParts(settings)))
              .source(source);
      return opened.extract(
          new ExtractRequest("x1", "run", List.of(), RowsWanted.AS_PLANNED), new SilentListener());
    }
  }

  @Test
  void aJarInTheProjectsFolderBringsATypeOfSource() throws IOException {
    install();
    write("tsv/rooms.tsv", "code:varchar\tseats:integer\nA1\t20\nA2\t-\n");
    write("tsv/other.tsv", "id:integer\n");
    write(
        "sources/rooms.yaml",
        """
        type: typed_tsv
        settings: { location: "${env:PLACE}", missing: "-" }
        streams:
          rooms: { primary_key: [code], columns: { code: { personal: false } } }
        """);

    List<BatchManifest> batches = extract("rooms");

    assertThat(problems()).isEmpty();
    assertThat(batches).singleElement().satisfies(b -> assertThat(b.rows()).isEqualTo(2));
    assertThat(batches.get(0).columns().stream().map(c -> c.sourceType()))
        .containsExactly("VARCHAR", "INTEGER");
  }

  @Test
  void itsSettingsAreCheckedLikeAllOthersAndNoneOfItsCodeRuns() throws IOException {
    jar(
        "broken.jar",
        Map.of(
            SERVICE,
            "no.such.Factory".getBytes(UTF_8),
            "META-INF/ecluse-sources.yaml",
            "moodle: { settings: { url: { required: true }, token: { secret: true } } }"
                .getBytes(UTF_8)));
    write("sources/a.yaml", "type: moodel\nsettings: { url: x }\n");
    write("sources/b.yaml", "type: moodle\nsettings: { tokn: x, token: word }\n");

    assertThat(problems())
        .containsExactly(
            "sources/a.yaml:1:7: error: Expected one of postgres, files, jdbc, mariadb, http, moodle, found the text 'moodel' (did you mean moodle?)",
            "sources/b.yaml:2:11: error: The key 'url' is missing in the settings of moodle (it is true or false or a number or text, which may hold ${env:NAME} and ${secret:NAME})",
            "sources/b.yaml:2:13: error: Unknown key 'tokn' in the settings of moodle (did you mean token?)",
            "sources/b.yaml:2:29: error: A password must not stand in a file in plain sight (write ${secret:NAME} and give its value outside the project)");

    Files.delete(folder.resolve("sources/a.yaml"));
    write("sources/b.yaml", "type: moodle\nsettings: { url: x }\n");
    assertThatThrownBy(() -> extract("b"))
        .hasMessageContaining("A plug-in cannot be loaded")
        .hasMessageContaining("no.such.Factory");
  }

  @Test
  void aTypeIsThereOnce() throws IOException {
    jar("other.jar", Map.of("META-INF/ecluse-sources.yaml", "postgres: {}".getBytes(UTF_8)));

    assertThat(problems())
        .containsExactly(
            "plugins/other.jar:1:1: error: There is already a type of source called 'postgres' (call it otherwise)");
  }

  @Test
  void saysThatAJarLacksTheClassForItsType() throws IOException {
    jar("empty.jar", Map.of("META-INF/ecluse-sources.yaml", "moodle: {}".getBytes(UTF_8)));
    install();
    write("sources/b.yaml", "type: moodle\n");

    assertThatThrownBy(() -> extract("b"))
        .hasMessageContaining("sources/b.yaml: a jar describes the type moodle")
        .hasMessageContaining("those found are for: typed_tsv");
  }

  @Test
  void theExampleKeepsToTheContractThatIsPublishedForSources() throws Exception {
    URL[] classes = {compiled().toUri().toURL()};
    ClassLoader own = SourcePluginTest.class.getClassLoader();
    try (URLClassLoader loader = new URLClassLoader(classes, own)) {
      LauncherDiscoveryRequest request =
          LauncherDiscoveryRequestBuilder.request()
              .selectors(selectClass(loader.loadClass("org.example.tsv.TypedTsvSourceTest")))
              .build();
      SummaryGeneratingListener listener = new SummaryGeneratingListener();
      LauncherFactory.create().execute(request, listener);

      TestExecutionSummary summary = listener.getSummary();
      assertThat(summary.getFailures().stream().map(f -> f.getException()).toList()).isEmpty();
      assertThat(summary.getTestsSucceededCount()).isGreaterThanOrEqualTo(9);
    }
  }
}
