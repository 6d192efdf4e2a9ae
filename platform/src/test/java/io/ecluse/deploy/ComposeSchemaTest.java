package io.ecluse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The compose file is one by the schema that its specification publishes, which the Go module of
 * its reference implementation brings: a module in a folder below target names its version.
 */
class ComposeSchemaTest {
  private static final String MODULE = "github.com/compose-spec/compose-go/v2";
  private static final String VERSION = "v2.4.7";
  private static final Path HERE = Deploy.MADE.resolve("compose-schema");

  private static Schema schema;

  @BeforeAll
  static void fetch() throws IOException {
    Path kept = HERE.resolve(VERSION + ".json");
    if (!Files.exists(kept)) {
      String what = "the compose file is, by its schema,";
      Deploy.need(what, "go");
      Files.createDirectories(HERE);
      Deploy.Ended fetched =
          Deploy.run(
              Map.of(
                  "GOFLAGS",
                  "-modcacherw",
                  "GOMODCACHE",
                  HERE.resolve("go").toString(),
                  "GO111MODULE",
                  "on"),
              HERE,
              List.of("go", "mod", "download", "-json", MODULE + "@" + VERSION));
      Deploy.skipUnless(fetched.status() == 0, what, "Go cannot fetch it: " + fetched.output());
      Files.copy(
          HERE.resolve("go").resolve(MODULE + "@" + VERSION).resolve("schema/compose-spec.json"),
          kept);
    }
    schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2019_09)
            // of an older draft of JSON schema, which this one does not know
            .getSchema(
                Files.readString(kept).replaceAll("(?m)^ *\"id\": \"[^\"]*\",\n", ""),
                InputFormat.JSON);
  }

  private static List<String> mistakes(String text) {
    return schema.validate(json(text), InputFormat.JSON).stream().map(String::valueOf).toList();
  }

  private static String json(String text) {
    return tools.jackson.databind.json.JsonMapper.shared()
        .writeValueAsString(Compose.of(text, ComposeTest.variables()).content());
  }

  @Test
  void theComposeFileIsOneByTheSchema() {
    assertThat(mistakes(ComposeTest.text())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stop_grace_period: 40s | stop_grace: 40s | stop_grace",
        "cap_drop: [ALL] | cap_drop: ALL | cap_drop",
        "profiles: [proxy] | profile: [proxy] | profile",
        "condition: service_healthy, required | condition: healthy, required | condition",
        "pids: 1024 | process: 1024 | process",
      })
  void anUnknownArgumentIsFoundOut(String before, String after, String told) {
    assertThat(ComposeTest.text()).contains(before);
    assertThat(mistakes(ComposeTest.text().replace(before, after)))
        .anyMatch(mistake -> mistake.contains(told));
  }
}
