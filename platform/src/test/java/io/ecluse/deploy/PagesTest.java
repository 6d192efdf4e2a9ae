package io.ecluse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.cli.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What the pages on deployment name is there. */
class PagesTest {
  private static final Path ROOT = Program.repository();
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(#[^)]*)?\\)");
  private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z]+(?:Test|IT))`");

  private static List<Path> pages() throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve("docs/deploy"))) {
      return files.filter(f -> f.toString().endsWith(".md")).sorted().toList();
    }
  }

  @Test
  void linksLeadToFiles() throws IOException {
    TreeSet<String> missing = new TreeSet<>();
    for (Path page : pages()) {
      Matcher link = LINK.matcher(Files.readString(page));
      while (link.find()) {
        if (!Files.exists(page.resolveSibling(link.group(1)))) {
          missing.add(page.getFileName() + ": " + link.group(1));
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void testsThatTheyNameAreThere() throws IOException {
    TreeSet<String> names = new TreeSet<>();
    for (Path page : pages()) {
      TEST.matcher(Files.readString(page)).results().forEach(m -> names.add(m.group(1) + ".java"));
    }
    assertThat(names).isNotEmpty();
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      files.map(f -> f.getFileName().toString()).forEach(names::remove);
    }
    assertThat(names).isEmpty();
  }

  @Test
  void eachAlertHasItsLineOnThePageOfWatching() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/deploy/watching.md"));
    Map<?, ?> rules =
        (Map<?, ?>)
            new Load(LoadSettings.builder().build())
                .loadFromString(Files.readString(ROOT.resolve("deploy/watch/alerts.yaml")));
    List<String> places =
        new Manifests.Node(rules)
            .texts()
            .filter(t -> t.startsWith("docs/deploy/watching.md#"))
            .map(t -> t.replaceFirst(".*#", ""))
            .toList();
    assertThat(places).hasSizeGreaterThan(8);
    for (String place : places) {
      assertThat(page).contains("<a id=\"" + place + "\"></a>");
    }
  }
}
