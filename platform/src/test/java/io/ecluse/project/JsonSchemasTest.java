package io.ecluse.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Registrations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class JsonSchemasTest {
  private static final Path DOCS = Path.of("../docs/schemas");

  @Test
  void publishesTheShapesThatFilesAreCheckedWith() throws IOException {
    Map<String, String> schemas = new JsonSchemas(Registrations.builtIn().vocabulary()).all();

    for (Map.Entry<String, String> schema : schemas.entrySet()) {
      Fixtures.assertGolden(DOCS.resolve(schema.getKey() + ".schema.json"), schema.getValue());
    }
    try (Stream<Path> files = Files.list(DOCS)) {
      assertThat(files.count()).isEqualTo(schemas.size());
    }
  }
}
