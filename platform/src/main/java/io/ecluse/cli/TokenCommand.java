package io.ecluse.cli;

import io.ecluse.Platform;
import io.ecluse.access.AccessTokens;
import io.ecluse.access.Action;
import io.ecluse.access.Subject;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.error.Nearest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "token",
    mixinStandardHelpOptions = true,
    description =
        "Prints a bearer token for the API, once; one of the same name is replaced. ls lists them, revoke ends one.",
    subcommands = {TokenCommand.Ls.class, TokenCommand.Revoke.class})
final class TokenCommand implements Callable<Integer> {
  private static final String NEVER = "never";

  @Spec private CommandSpec spec;
  @Mixin private ProjectOptions options = new ProjectOptions();

  @Parameters(
      paramLabel = "NAME",
      arity = "0..1",
      description = "who uses it, as in notebook or ci")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--expires",
      paramLabel = "DURATION",
      description = "how long it is good, as 12h or 30d, or never (default: 90d)")
  private Optional<String> expires = Optional.empty();

  @Override
  public Integer call() {
    String who =
        name.orElseThrow(
            () -> new CommandLine.ParameterException(spec.commandLine(), "Whose token?"));
    Optional<Duration> life =
        expires
            .map(
                e ->
                    e.equals(NEVER)
                        ? Optional.<Duration>empty()
                        : Optional.of(Listening.duration("--expires", e)))
            .orElse(Optional.of(AccessTokens.BEARER_LIFE));
    try (Shell.Opened opened = options.open(Action.GIVE_ACCESS, Subject.PROJECT)) {
      Platform platform = opened.platform();
      String token = platform.tokens().newBearer(who, life);
      spec.commandLine().getOut().println(token);
      return Main.DONE;
    }
  }

  @Command(
      name = "ls",
      mixinStandardHelpOptions = true,
      description = "Lists the bearer tokens, never the secrets themselves.")
  static final class Ls implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private ProjectOptions options = new ProjectOptions();

    @Override
    public Integer call() {
      List<List<String>> rows = new ArrayList<>();
      List<Map<String, Object>> objects = new ArrayList<>();
      try (Shell.Opened opened = options.open(Action.GIVE_ACCESS, Subject.PROJECT)) {
        Platform platform = opened.platform();
        for (AccessTokens.Bearer b : platform.tokens().bearers()) {
          boolean expired = b.expiresAt().filter(e -> e.isBefore(Instant.now())).isPresent();
          rows.add(
              Output.row(
                  b.name(),
                  options.times().text(b.createdAt()),
                  b.expiresAt().map(options.times()::text).orElse(NEVER)
                      + (expired ? " (expired)" : ""),
                  options.times().text(b.usedAt())));
          objects.add(
              Output.object(
                  "name", b.name(),
                  "created_at", b.createdAt(),
                  "expires_at", b.expiresAt(),
                  "used_at", b.usedAt(),
                  "expired", expired));
        }
      }
      if (options.isJson()) {
        Output.json(spec.commandLine().getOut(), objects);
      } else {
        Output.table(
            spec.commandLine().getOut(), List.of("name", "created", "expires", "last used"), rows);
      }
      return Main.DONE;
    }
  }

  @Command(
      name = "revoke",
      mixinStandardHelpOptions = true,
      description = "Makes a bearer token worth nothing, or ends all sessions of browsers.")
  static final class Revoke implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private ProjectOptions options = new ProjectOptions();

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "whose token")
    private Optional<String> name = Optional.empty();

    @Option(names = "--sessions", description = "end all sessions: everybody signs in anew")
    private boolean sessions;

    @Override
    public Integer call() {
      if (name.isEmpty() && !sessions) {
        throw new CommandLine.ParameterException(
            spec.commandLine(), "Whose token? ecluse token ls lists them");
      }
      try (Shell.Opened opened = options.open(Action.GIVE_ACCESS, Subject.PROJECT)) {
        Platform platform = opened.platform();
        AccessTokens tokens = platform.tokens();
        name.ifPresent(n -> revoke(tokens, n));
        if (sessions) {
          spec.commandLine().getOut().printf("Ended %d sessions%n", tokens.closeSessions());
        }
        return Main.DONE;
      }
    }

    private void revoke(AccessTokens tokens, String name) {
      List<String> names = tokens.bearers().stream().map(AccessTokens.Bearer::name).toList();
      if (!tokens.revoke(name)) {
        throw new EcluseException(
            ErrorCode.NOT_FOUND,
            "There is no token '%s'%s"
                .formatted(name, Nearest.hint(name, names).map(h -> ": " + h).orElse("")));
      }
      spec.commandLine().getOut().printf("The token %s is worth nothing any more%n", name);
    }
  }
}
