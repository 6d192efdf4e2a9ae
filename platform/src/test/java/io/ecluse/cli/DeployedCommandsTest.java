package io.ecluse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.access.Policy;
import io.ecluse.deploy.Compose;
import io.ecluse.deploy.ComposeTest;
import io.ecluse.deploy.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the files of deploy/ call is a command, with options that it has. */
class DeployedCommandsTest {
  @Test
  void servicesOfComposeCallCommandsThatThereAre() {
    List<List<String>> all = commands(ComposeTest.text());
    assertThat(all).hasSizeGreaterThanOrEqualTo(3);
    all.forEach(DeployedCommandsTest::parse);
  }

  @Test
  void anUnknownArgumentOfComposeIsFoundOut() {
    String planted = ComposeTest.text().replace("--no-web", "--noweb");
    assertThatThrownBy(() -> commands(planted).forEach(DeployedCommandsTest::parse))
        .isInstanceOf(CommandLine.ParameterException.class)
        .hasMessageContaining("--noweb");
  }

  /** Of services that run our image, by its own entry point. */
  private static List<List<String>> commands(String text) {
    List<List<String>> all = new ArrayList<>();
    for (Map<String, Object> service :
        Compose.of(text, ComposeTest.variables()).services().values()) {
      boolean ours = String.valueOf(service.get("image")).contains("/ecluse@");
      if (ours && !service.containsKey("entrypoint")) {
        all.add(Compose.words(service, "command"));
      }
    }
    return all;
  }

  @Test
  void unitsCallCommandsThatThereAre() {
    for (String name :
        List.of("ecluse.service", "ecluse-worker@.service", "ecluse-backup.service")) {
      for (String command : Unit.of(name).values("ExecStart")) {
        List<String> words = List.of(command.split(" "));
        assertThat(words.get(0)).isEqualTo("/opt/ecluse/ecluse");
        parse(words.subList(1, words.size()));
      }
    }
  }

  private static void parse(List<String> words) {
    String[] all = words.toArray(String[]::new);
    CommandLine line = Commands.commands(new OwnShell(Policy.OPEN), all);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.parseArgs(all);
  }
}
