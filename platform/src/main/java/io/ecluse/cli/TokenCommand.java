package io.ecluse.cli;

import io.ecluse.access.AccessTokens;
import io.ecluse.access.Action;
import io.ecluse.access.Subject;
import io.ecluse.error.ErrorCode;
import io.ecluse.error.Nearest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "token",
    description =
        "Prints a bearer token for the API, once; one of the same name is replaced. ls lists them, revoke ends one.",
    subcommands = {TokenCommand.Ls.class, TokenCommand.Revoke.class})
final class TokenCommand extends ProjectCommand {
  private static final String NEVER = "never";

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
    String who = name.orElseThrow(() -> lacks("Whose token?"));
    Optional<Duration> life =
        expires
            .map(
                e ->
                    e.equals(NEVER)
                        ? Optional.<Duration>empty()
                        : Optional.of(Listening.duration("--expires", e)))
            .orElse(Optional.of(AccessTokens.BEARER_LIFE));
    return with(
        Action.GIVE_ACCESS,
        Subject.PROJECT,
        platform -> out().println(platform.tokens().newBearer(who, life)));
  }

  @Command(name = "ls", description = "Lists the bearer tokens, never the secrets themselves.")
  static final class Ls extends ProjectCommand {
    @Override
    public Integer call() {
      return with(
          Action.GIVE_ACCESS, Subject.PROJECT, platform -> list(platform.tokens().bearers()));
    }

    private void list(List<AccessTokens.Bearer> bearers) {
      Times times = times();
      new Listing<AccessTokens.Bearer>("name")
          .both("name", "name", AccessTokens.Bearer::name)
          .both("created_at", "created", AccessTokens.Bearer::createdAt, times::text)
          .field("expires_at", AccessTokens.Bearer::expiresAt)
          .column("expires", b -> expiry(b, times))
          .both("used_at", "last used", AccessTokens.Bearer::usedAt, times::text)
          .field("expired", Ls::isExpired)
          .print(out(), format(), bearers);
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
      description = "Makes a bearer token worth nothing, or ends all sessions of browsers.")
  static final class Revoke extends ProjectCommand {
    @Parameters(paramLabel = "NAME", arity = "0..1", description = "whose token")
    private Optional<String> name = Optional.empty();

    @Option(names = "--sessions", description = "end all sessions: everybody signs in anew")
    private boolean sessions;

    @Override
    public Integer call() {
      if (name.isEmpty() && !sessions) {
        throw lacks("Whose token? ecluse token ls lists them");
      }
      return with(Action.GIVE_ACCESS, Subject.PROJECT, platform -> revoke(platform.tokens()));
    }

    private void revoke(AccessTokens tokens) {
      name.ifPresent(n -> revoke(tokens, n));
      if (sessions) {
        out().printf("Ended %d sessions%n", tokens.closeSessions());
      }
    }

    private void revoke(AccessTokens tokens, String name) {
      List<String> names = tokens.bearers().stream().map(AccessTokens.Bearer::name).toList();
      if (!tokens.revoke(name)) {
        throw ErrorCode.NOT_FOUND.error(
            "There is no token '%s'%s"
                .formatted(name, Nearest.hint(name, names).map(h -> ": " + h).orElse("")));
      }
      out().printf("The token %s is worth nothing any more%n", name);
    }
  }
}
