package io.ecluse.cli;

import io.ecluse.Platform;
import io.ecluse.access.Policy;
import java.io.Closeable;
import java.io.Console;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;

/** The shell that started this process; a command does the work itself. */
record OwnShell(Policy policy) implements Shell {
  @Override
  public Map<String, String> variables() {
    return System.getenv();
  }

  @Override
  public Path folder() {
    return Path.of("").toAbsolutePath();
  }

  @Override
  public ZoneId zone() {
    return ZoneId.systemDefault();
  }

  @Override
  public RunWatcher.Terminal terminal() {
    return RunWatcher.Terminal.detect();
  }

  @Override
  public Optional<Console> console() {
    return Optional.ofNullable(System.console());
  }

  @Override
  public Opened open(Platform.Opening opening) {
    Platform platform = new Platform(opening);
    return new Opened(platform, platform::close);
  }

  @Override
  public Closeable whenInterrupted(Runnable action) {
    Thread hook = new Thread(action);
    Runtime.getRuntime().addShutdownHook(hook);
    return () -> {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // the program is ending: the hook is running
      }
    };
  }

  @Override
  public Closeable whenLeft(Runnable action) {
    return whenInterrupted(action);
  }
}
