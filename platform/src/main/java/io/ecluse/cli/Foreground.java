package io.ecluse.cli;

import io.ecluse.error.ErrorCode;
import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The place of this process for another program: that has the terminal, hears Ctrl-C itself, and is
 * told to end when this one is; what it ends with is what this one ends with. Closing it says that
 * everything is tidied up, which the end of this process waits for.
 */
final class Foreground implements Closeable {
  private static final long GRACE_SECONDS = 10;

  /** Ctrl-C reaches both: it is for the program to say what that means. */
  private static final Object NOTHING =
      Proxy.newProxyInstance(
          Foreground.class.getClassLoader(),
          new Class<?>[] {type("SignalHandler")},
          (proxy, method, arguments) -> null);

  private final CountDownLatch tidied = new CountDownLatch(1);
  private final Closeable hook;
  private volatile Optional<Process> program = Optional.empty();

  /**
   * @param shell whose process it is
   */
  Foreground(Shell shell) {
    this.hook = shell.whenInterrupted(this::end);
  }

  /** Runs a program and returns its exit code. */
  int run(ProcessBuilder builder) throws IOException {
    Object before = interrupted(NOTHING);
    try {
      Process process = builder.inheritIO().start();
      program = Optional.of(process);
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ErrorCode.CANCELLED.error("The program was ended", e);
    } finally {
      program.ifPresent(Foreground::end);
      interrupted(before);
    }
  }

  /** Has it handled otherwise; returns how it was. The JDK has this, but javac warns of its use. */
  private static Object interrupted(Object handler) {
    try {
      Class<?> signal = type("Signal");
      return signal
          .getMethod("handle", signal, type("SignalHandler"))
          .invoke(null, signal.getConstructor(String.class).newInstance("INT"), handler);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("Every JDK has signals", e);
    }
  }

  private static Class<?> type(String name) {
    try {
      return Class.forName("sun.misc." + name);
    } catch (ClassNotFoundException e) {
      throw new AssertionError("Every JDK has signals", e);
    }
  }

  private void end() {
    program.ifPresent(Foreground::end);
    try {
      tidied.await(GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The program with all that it has started: kindly first. */
  private static void end(Process process) {
    List<ProcessHandle> all =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    all.forEach(ProcessHandle::destroy);
    try {
      if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
        all.forEach(ProcessHandle::destroyForcibly);
      }
    } catch (InterruptedException e) {
      all.forEach(ProcessHandle::destroyForcibly);
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    tidied.countDown();
    hook.close();
  }
}
