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
import java.util.List;
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
      Times times = options.times();
      try (Shell.Opened opened = options.open(Action.GIVE_ACCESS, Subject.PROJECT)) {
        new Listing<AccessTokens.Bearer>("name")
            .both("name", "name", AccessTokens.Bearer::name)
            .field("created_at", AccessTokens.Bearer::createdAt)
            .column("created", b -> times.text(b.createdAt()))
            .field("expires_at", AccessTokens.Bearer::expiresAt)
            .column("expires", b -> expiry(b, times))
            .field("used_at", AccessTokens.Bearer::usedAt)
            .column("last used", b -> times.text(b.usedAt()))
            .field("expired", Ls::isExpired)
            .print(
                spec.commandLine().getOut(),
                options.format(),
                opened.platform().tokens().bearers());
      }
      return Main.DONE;
    }

    private static boolean isExpired(AccessTokens.Bearer token) {
      return token.expiresAt().filter(e -> e.isBefore(Instant.now())).isPresent();
    }

    private static String expiry(AccessTokens.Bearer token, Times times) {
      return token.expiresAt().map(times::text).orElse(NEVER)
          + (isExpired(token) ? " (expired)" : "");
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
