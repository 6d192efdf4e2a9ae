package io.ecluse.cli;

import io.ecluse.Platform;
import io.ecluse.access.Policy;
import io.ecluse.error.ErrorCode;
import java.io.Closeable;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A shell in another process, for which this one, a server, does a command. */
final class GuestShell implements Shell {
  private final Door.Request request;
  private final Platform platform;
  private final Set<Runnable> onInterrupt = ConcurrentHashMap.newKeySet();
  private final Set<Runnable> onLeave = ConcurrentHashMap.newKeySet();

  GuestShell(Door.Request request, Platform platform) {
    this.request = request;
    this.platform = platform;
  }

  /** Reads what comes after the request, until it ends with the command or with its process. */
  void hear(InputStream in) {
    try {
      while (in.read() == Door.INTERRUPT) {
        onInterrupt.forEach(Runnable::run);
        onLeave.forEach(Runnable::run);
      }
    } catch (IOException e) {
      // it has gone
    }
    onLeave.forEach(Runnable::run);
  }

  @Override
  public Policy policy() {
    return platform.policy();
  }

  @Override
  public Map<String, String> variables() {
    return request.variables();
  }

  @Override
  public Path folder() {
    return request.folder();
  }

  @Override
  public ZoneId zone() {
    return ZoneId.of(request.zone());
  }

  @Override
  public RunWatcher.Terminal terminal() {
    return request.terminal();
  }

  @Override
  public Optional<Console> console() {
    return Optional.empty();
  }

  /** The platform of the server, with the project's files as they are now. */
  @Override
  public Opened open(Platform.Opening opening) {
    Path ours = platform.project().get().folder();
    if (!real(opening.folder()).equals(real(ours))
        || !opening.environment().equals(platform.environment())) {
      throw ErrorCode.INVALID_USAGE.error(
          "The server on %s, environment %s, cannot work on %s, environment %s; give --dir and --env once"
              .formatted(ours, platform.environment(), opening.folder(), opening.environment()));
    }
    if (platform.project().refresh()) {
      platform.starts().followSchedules();
    }
    platform.project().reading().orThrow();
    return new Opened(platform, () -> {});
  }

  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      return folder;
    }
  }

  @Override
  public Closeable whenInterrupted(Runnable action) {
    onInterrupt.add(action);
    return () -> onInterrupt.remove(action);
  }

  @Override
  public Closeable whenLeft(Runnable action) {
    onLeave.add(action);
    return () -> onLeave.remove(action);
  }
}
