package io.ecluse.spark;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Processes of this machine by what they can be found again by: a number, which the system gives
 * anew, and the moment of their start, which tells whether it has.
 */
final class Processes {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private Processes() {}

  /** What {@link #find} takes. */
  static String handle(ProcessHandle process) {
    return process.pid() + "@" + start(process);
  }

  private static long start(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  /** The process, if it is alive. */
  static Optional<ProcessHandle> find(String handle) {
    int at = handle.indexOf('@');
    return ProcessHandle.of(Long.parseLong(handle.substring(0, at)))
        .filter(ProcessHandle::isAlive)
        .filter(process -> start(process) == Long.parseLong(handle.substring(at + 1)));
  }

  /** Ends a process and all that it has started: kindly first, and then not. */
  static void end(String handle) {
    find(handle)
        .ifPresent(
            process -> {
              List<ProcessHandle> all =
                  Stream.concat(process.descendants(), Stream.of(process)).toList();
              all.forEach(ProcessHandle::destroy);
              all.forEach(
                  p -> {
                    if (!waited(p)) {
                      p.destroyForcibly();
                      waited(p);
                    }
                  });
            });
  }

  private static boolean waited(ProcessHandle process) {
    CompletableFuture<ProcessHandle> end = process.onExit();
    try {
      end.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }
}
