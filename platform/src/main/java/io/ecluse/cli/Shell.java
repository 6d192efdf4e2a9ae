package io.ecluse.cli;

import io.ecluse.Platform;
import io.ecluse.access.Action;
import io.ecluse.access.Caller;
import io.ecluse.access.Policy;
import io.ecluse.access.Subject;
import java.io.Closeable;
import java.io.Console;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Where a command was typed, and whose platform it works with: its own, or that of the server which
 * runs on the project. A command asks nothing of its process itself.
 */
interface Shell {
  /** What whoever typed the command may do and see. */
  Policy policy();

  /** Whoever typed the command. */
  default Caller caller() {
    return Caller.commandLine(policy());
  }

  /**
   * Goes on only if whoever typed the command may.
   *
   * @throws io.ecluse.error.EcluseException FORBIDDEN
   */
  default void ask(Action action, Subject subject) {
    policy().require(caller(), action, subject);
  }

  /** The environment variables. */
  Map<String, String> variables();

  /** The folder that relative paths start from. */
  Path folder();

  /** Of the times that people are told. */
  ZoneId zone();

  /** Whether lines can be written over. */
  RunWatcher.Terminal terminal();

  /** Where a person can be asked. */
  Optional<Console> console();

  /** The platform, as it is opened or as it is open already. */
  Opened open(Platform.Opening opening);

  /**
   * Has something done when whoever typed the command interrupts it; for a bounded time, as what
   * asked is ending.
   */
  Closeable whenInterrupted(Runnable action);

  /** As {@link #whenInterrupted}, and if nobody reads any more what the command prints. */
  Closeable whenLeft(Runnable action);

  /** The shell of a command. */
  static Shell of(CommandSpec spec) {
    return ((EcluseCommand) spec.root().userObject()).shell();
  }

  /**
   * A platform that is open.
   *
   * @param end what closing it does; its opener decides
   */
  record Opened(Platform platform, Runnable end) implements Closeable {
    @Override
    public void close() {
      end.run();
    }
  }
}
