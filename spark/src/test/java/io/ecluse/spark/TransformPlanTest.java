package io.ecluse.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransformPlanTest {
  @TempDir Path folder;

  @Test
  void aPlanIsReadFromJson() throws IOException {
    TransformPlan plan =
        read(
            """
            {"tables": {"erp.a": {"iceberg": "/a.metadata.json"}, "erp.b": {"parquet": "/b"}},
             "models": [{"name": "marts.c", "sql": "SELECT 1"}], "output": "/out"}""");
    assertThat(plan)
        .isEqualTo(
            new TransformPlan(
                Map.of(
                    "erp.a", new TransformPlan.Input.Iceberg("/a.metadata.json"),
                    "erp.b", new TransformPlan.Input.Parquet("/b")),
                List.of(new TransformPlan.Model("marts.c", "SELECT 1")),
                "/out"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "[]                                                     ~ must be a JSON object",
        "{'tables': {}, 'models': [], 'output': ''}             ~ output must be a folder",
        "{'tables': {}, 'models': []}                           ~ needs the key output",
        "{'tables': {}, 'models': [], 'output': 'x', 'oops': 1} ~ unknown key oops",
        "{'tables': {'erp.a': {}}, 'models': [], 'output': 'x'} ~ needs one of iceberg, parquet",
        "{'tables': {}, 'models': [{'name': 'm', 'sql': 's'}], 'output': 'x'}   ~ schema.name",
        "{'tables': {}, 'models': [{'name': 'a.m', 'sql': 3}], 'output': 'x'}   ~ sql must be a text",
        "{'tables': {'a.m': {'parquet': 'x'}}, 'models': [{'name': 'a.m', 'sql': 's'}], 'output': 'x'} ~ twice",
        "{                                                      ~ cannot be read",
      },
      quoteCharacter = '`')
  void whatIsNoPlanIsRefusedAndNamed(String json, String said) {
    assertThatThrownBy(() -> read(json.replace('\'', '"')))
        .isInstanceOf(TransformException.class)
        .hasMessageContaining(said);
  }

  private TransformPlan read(String json) throws IOException {
    return TransformPlan.read(Files.writeString(folder.resolve("plan.json"), json));
  }
}
