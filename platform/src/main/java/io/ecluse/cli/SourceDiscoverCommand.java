package io.ecluse.cli;

import io.ecluse.Dialect;
import io.ecluse.access.Action;
import io.ecluse.access.Subject;
import io.ecluse.demo.DemoErp;
import io.ecluse.disk.Disk;
import io.ecluse.error.ErrorCode;
import io.ecluse.flow.NewSource;
import io.ecluse.flow.SourceDifferences;
import io.ecluse.flow.SourceDraft;
import io.ecluse.project.ProjectWriter;
import io.ecluse.project.SourceFile;
import io.ecluse.schema.SqlParser;
import io.ecluse.source.Discovery;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "discover",
    description =
        "Looks at a PostgreSQL, a MariaDB, or any database with a JDBC driver, and proposes sources/NAME.yaml; never changes a file that is there, but says what differs.")
final class SourceDiscoverCommand extends ProjectCommand {
  private static final int LINES = 10;
  private static final int MANY = 50;

  @Mixin private ServerWords server = new ServerWords();

  @Parameters(
      paramLabel = "NAME",
      description =
          "the source's name; if sources/NAME.yaml is there and no server is named, its connection is used")
  private String name = "";

  @Option(names = "--print", description = "print the proposal instead of writing it")
  private boolean print;

  @Override
  public Integer call() throws IOException {
    shell().ask(Action.LOOK_INTO, new Subject(Subject.Kind.SOURCE, name));
    if (!name.matches("[a-z][a-z0-9_]{0,62}")) {
      throw ErrorCode.INVALID_USAGE.error(
          "'%s' is no name of a source: use lower-case letters, digits and _, a letter first"
              .formatted(name));
    }
    Path file = folder().resolve("sources").resolve(name + ".yaml");
    Map<String, String> words = server.words(this::path);
    Optional<SourceFile> existing =
        Files.exists(file) && (words.isEmpty() || !print)
            ? Optional.of(Dialect.read(folder()).source(name))
            : Optional.empty();
    if (!print && existing.isEmpty()) {
      shell().ask(Action.CHANGE, Subject.PROJECT);
    }
    if (!print && !Files.exists(folder().resolve("ecluse.yaml"))) {
      throw ErrorCode.INVALID_USAGE.error(
          "%s holds no project: make one with ecluse init, or use --print".formatted(folder()));
    }
    Map<String, String> variables = new HashMap<>(shell().variables());
    if (words.isEmpty() && existing.isPresent()) {
      return again(file, existing.get(), variables);
    }
    Optional<String> secret = secret(words, variables);
    NewSource source = named(words, secret);
    Discovery found = discover(source.file(), variables);
    return propose(new Proposal(found, source.yaml(found)), existing, secret.isPresent());
  }

  /** What was found, and the file that would say it. */
  private record Proposal(Discovery found, String yaml) {}

  private int propose(Proposal proposal, Optional<SourceFile> existing, boolean withPassword) {
    if (print) {
      out().print(proposal.yaml());
      out().flush();
      return Main.DONE;
    }
    boolean nothing = proposal.found().streams().isEmpty();
    if (existing.isEmpty() && !nothing) {
      try (SqlParser parser = Dialect.parser()) {
        new ProjectWriter(folder(), Dialect.reader(parser), new Disk())
            .create("sources/" + name + ".yaml", proposal.yaml());
      }
    }
    report(proposal.found(), existing, withPassword);
    return existing.isEmpty() && nothing ? Main.FAILED : Main.DONE;
  }

  private NewSource named(Map<String, String> words, Optional<String> secret) {
    try (SqlParser parser = Dialect.parser()) {
      return NewSource.of(name, words, secret, Dialect.sourceWords(), Dialect.reader(parser));
    }
  }

  /** A source whose connection the file has; what it lacks are the streams. */
  private int again(Path path, SourceFile file, Map<String, String> variables) throws IOException {
    Discovery found = discover(file, variables);
    if (!print) {
      report(found, Optional.of(file), false);
      return Main.DONE;
    }
    out().print(SourceDraft.anew(Files.readString(path), found));
    out().flush();
    return Main.DONE;
  }

  /** The secret that holds the password, or what is typed; with neither, there is none. */
  private Optional<String> secret(Map<String, String> words, Map<String, String> variables) {
    String secret = name + "_password";
    if (isKept(secret, variables)) {
      return Optional.of(secret);
    }
    Optional<Console> console = shell().console();
    if (console.isEmpty()) {
      return Optional.empty();
    }
    char[] typed =
        console
            .get()
            .readPassword(
                "Password of %s at %s (Enter for none): ",
                words.getOrDefault("user", "the user"),
                words.getOrDefault("host", words.getOrDefault("url", name)));
    if (typed == null || typed.length == 0) {
      return Optional.empty();
    }
    variables.put(variable(secret), new String(typed));
    return Optional.of(secret);
  }

  private boolean isKept(String secret, Map<String, String> variables) {
    return variables.containsKey(variable(secret))
        || Files.exists(folder().resolve(".ecluse").resolve("secrets").resolve(secret));
  }

  private static String variable(String secret) {
    return "ECLUSE_SECRET_" + secret.toUpperCase(Locale.ROOT);
  }

  /** Looks, and says how far it is. */
  private Discovery discover(SourceFile file, Map<String, String> variables) {
    PrintWriter progress = progress();
    boolean terminal = shell().terminal() == RunWatcher.Terminal.PRESENT;
    Optional<DemoErp> erp = DemoErp.startIfPresent(folder());
    try {
      return Dialect.inspections(folder(), variables)
          .discover(
              file,
              (what, done, total) -> {
                if (terminal) {
                  progress.printf("\r\u001b[2K%d/%d  %s", done, total, what);
                  progress.flush();
                } else if (total >= MANY && done % Math.max(1, total / LINES) == 0) {
                  progress.printf("%d of %d looked at%n", done, total);
                }
              });
    } finally {
      if (terminal) {
        progress.print("\r\u001b[2K");
        progress.flush();
      }
      erp.ifPresent(DemoErp::close);
    }
  }

  private void report(Discovery found, Optional<SourceFile> existing, boolean withPassword) {
    PrintWriter out = out();
    List<String> differences =
        existing.map(f -> new SourceDifferences(f, found).lines()).orElse(List.of());
    if (isJson()) {
      Output.json(out, json(found, existing, differences));
      return;
    }
    long personal =
        found.streams().stream()
            .flatMap(s -> s.columns().stream())
            .filter(c -> c.personal().isPresent())
            .count();
    out.printf(
        "%s: %d streams, %d columns that look like personal data, %d left out%n",
        found.system(), found.streams().size(), personal, found.leftOut().size());
    found.leftOut().forEach(l -> out.printf("  %s: %s%n", l.name(), l.why()));
    found.notes().forEach(out::println);
    if (existing.isPresent()) {
      out.printf(
          "%s is left as it is%s%n",
          existing.get().path(),
          differences.isEmpty()
              ? "; it says all that was found"
              : "; what differs (--print shows the whole proposal):");
      differences.forEach(d -> out.println("  " + d));
    } else if (found.streams().isEmpty()) {
      out.println("Wrote nothing: there is no stream to propose");
    } else {
      out.printf("Wrote sources/%s.yaml; next:%n", name);
      if (withPassword && !isKept(name + "_password", shell().variables())) {
        out.println("  " + command("secret", name + "_password"));
      }
      out.println("  " + command("source", "check", name));
      out.println("  " + command("extract", name));
      out.println("  " + command("load", name));
    }
  }

  private Fields json(
      Discovery discovery, Optional<SourceFile> existing, List<String> differences) {
    return new Fields()
        .with("file", "sources/" + name + ".yaml")
        .with("written", existing.isEmpty() && !discovery.streams().isEmpty())
        .with("system", discovery.system())
        .with(
            "streams",
            discovery.streams().stream()
                .map(
                    s ->
                        new Fields()
                            .with("name", s.name())
                            .with("rows", s.rows())
                            .with("bytes", s.bytes())
                            .with("primary_key", s.primaryKey())
                            .with(
                                "personal",
                                s.columns().stream()
                                    .filter(c -> c.personal().isPresent())
                                    .map(
                                        c ->
                                            new Fields()
                                                .with("column", c.staged().column().name())
                                                .with("category", c.personal().get().category())
                                                .with("why", c.personal().get().why()))
                                    .toList()))
                .toList())
        .with(
            "left_out",
            discovery.leftOut().stream()
                .map(l -> new Fields().with("name", l.name()).with("why", l.why()))
                .toList())
        .with("notes", discovery.notes())
        .with("differences", differences);
  }
}
