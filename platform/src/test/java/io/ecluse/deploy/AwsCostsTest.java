package io.ecluse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The table of costs is what its list of prices and quantities adds up to, and the list is dated.
 */
class AwsCostsTest {
  private static final Path DOCS = Path.of("..", "docs", "deploy");
  private static final int FIRST_QUANTITY = 4;
  private static final Map<String, String> NAMES =
      Map.of(
          "disks", "disks, snapshots",
          "web", "HTTPS",
          "watching", "watching, key");

  @Test
  void theTableAddsUp() throws IOException {
    List<String> lines = Files.readAllLines(DOCS.resolve("aws-costs.csv"));
    assertThat(lines.get(0)).containsPattern("as of 20\\d\\d-\\d\\d");
    Map<String, double[]> parts = new LinkedHashMap<>();
    double[] all = new double[4];
    for (String line : lines) {
      String[] words = line.split(",");
      if (line.startsWith("#") || words[0].equals("part")) {
        continue;
      }
      double[] sums = parts.computeIfAbsent(words[0], p -> new double[4]);
      for (int i = 0; i < sums.length; i++) {
        double dollars =
            Double.parseDouble(words[3]) * Double.parseDouble(words[FIRST_QUANTITY + i]);
        sums[i] += dollars;
        all[i] += dollars;
      }
    }
    List<String> rows = new ArrayList<>();
    parts.forEach((part, sums) -> rows.add(row(NAMES.getOrDefault(part, part), sums, "%d")));
    rows.add(row("**a month**", all, "**%d**"));

    assertThat(Files.readString(DOCS.resolve("aws.md"))).contains(String.join("\n", rows) + "\n");
  }

  private static String row(String name, double[] sums, String format) {
    return "| "
        + name
        + " | "
        + String.join(
            " | ", Arrays.stream(sums).mapToObj(s -> format.formatted(Math.round(s))).toList())
        + " |";
  }
}
