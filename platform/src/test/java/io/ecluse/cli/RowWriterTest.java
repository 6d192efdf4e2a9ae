package io.ecluse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RowWriterTest {
  private static String json(List<String> names, Object... row) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    RowWriter.Json writer = new RowWriter.Json(out);
    writer.columns(names, List.of());
    writer.row(row);
    writer.end();
    out.flush();
    return text.toString().replace("\n", "");
  }

  @Test
  void keepsColumnsOfOneName() {
    assertThat(json(List.of("a", "a", "a_1", "a"), 1, 2, 3, 4))
        .contains("\"a\":1", ":2", "\"a_1\":3", ":4");
  }

  @Test
  void writesNestedValuesAsJson() {
    Map<String, Object> struct = new LinkedHashMap<>();
    struct.put("k", List.of(1, "x"));
    struct.put("n", null);
    assertThat(json(List.of("s", "l"), struct, List.of(true, 1.5)))
        .isEqualTo("[{\"s\":{\"k\":[1,\"x\"],\"n\":null},\"l\":[true,1.5]}]");
  }
}
