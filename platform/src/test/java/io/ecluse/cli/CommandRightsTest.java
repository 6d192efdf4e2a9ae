package io.ecluse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.access.Action;
import io.ecluse.access.Policy;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a policy that is registered refuses to whoever types commands. */
class CommandRightsTest {
  private static final Policy NOTHING = (caller, action, subject) -> false;

  /** What makes a project, or the process that guards it. */
  private static final Set<String> FREE = Set.of("demo", "init", "server", "rehearse");

  /** What a command needs to be understood at all. */
  private static final Map<String, List<String>> WORDS =
      Map.ofEntries(
          Map.entry("source check", List.of("erp")),
          Map.entry("source discover", List.of("erp")),
          Map.entry("run", List.of("daily")),
          Map.entry("extract", List.of("erp")),
          Map.entry("load", List.of("erp")),
          Map.entry("query", List.of("select 1")),
          Map.entry("show", List.of("run", "r1")),
          Map.entry("rollback", List.of("r1")),
          Map.entry("move warehouse", List.of("elsewhere")),
          Map.entry("move staging", List.of("elsewhere")),
          Map.entry("backup", List.of("backups")),
          Map.entry("restore", List.of("backups")),
          Map.entry("token", List.of("notebook")),
          Map.entry("token revoke", List.of("notebook")),
          Map.entry("secret", List.of("erp_password")));

  @TempDir Path folder;

  private String refusal(List<String> words) {
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said, true);
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of("--dir", folder.toString()));
    int code = Commands.run(new OwnShell(NOTHING), out, out, all.toArray(String[]::new));
    assertThat(code).as(said.toString()).isEqualTo(Main.WRONG_USAGE);
    return said.toString();
  }

  /** The commands there are, as they are typed. */
  private static Set<String> commands(String before, CommandLine line) {
    Set<String> commands = new TreeSet<>();
    line.getSubcommands()
        .forEach(
            (name, sub) -> {
              commands.add((before + " " + name).strip());
              commands.addAll(commands((before + " " + name).strip(), sub));
            });
    return commands;
  }

  @Test
  void refusesEveryCommandToWhoeverMayDoNothing() {
    Set<String> all = commands("", Commands.commands(new OwnShell(Policy.OPEN)));
    all.removeAll(FREE);
    all.removeAll(Set.of("move", "source")); // do nothing by themselves
    assertThat(all).hasSizeGreaterThan(18);

    for (String command : all) {
      List<String> words = new ArrayList<>(List.of(command.split(" ")));
      words.addAll(WORDS.getOrDefault(command, List.of()));
      assertThat(refusal(words)).as(command).contains("command line may not ");
    }
  }

  @Test
  void asksForEachKindThatIsListedByItself() {
    Policy dags = (caller, action, subject) -> subject.toString().equals("dags");
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said, true);

    Commands.run(new OwnShell(dags), out, out, "ls", "runs", "--dir", folder.toString());
    assertThat(said.toString()).contains("command line may not see: runs");

    Commands.run(new OwnShell(dags), out, out, "ls", "dags", "--dir", folder.toString());
    assertThat(said.toString()).contains("ecluse.yaml"); // let through, to a folder without project
  }

  @Test
  void asksWhetherFilesOfTheProjectMayBeWritten() {
    Policy looks = (caller, action, subject) -> action != Action.CHANGE;
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said, true);

    Commands.run(
        new OwnShell(looks), out, out, "source", "discover", "erp", "--dir", folder.toString());
    assertThat(said.toString()).contains("command line may not change: ");
  }
}
