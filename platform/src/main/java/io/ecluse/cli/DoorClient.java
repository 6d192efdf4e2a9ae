package io.ecluse.cli;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A command that a server does: it says what was typed, prints what comes, and ends as it is told.
 * It loads nothing but the JDK.
 */
final class DoorClient {
  /** Commands that are about this process, or about a project that no server runs on. */
  private static final Set<String> OWN =
      Set.of(
          "demo",
          "init",
          "server",
          "restore",
          "secret",
          "rehearse",
          "spark-shell",
          "pyspark",
          "spark-submit");

  /** How long an interrupted command may still say what became of it. */
  private static final long LONGEST_GOODBYE_SECONDS = 12;

  private final SocketChannel channel;
  private final CountDownLatch ended = new CountDownLatch(1);

  private DoorClient(SocketChannel channel) {
    this.channel = channel;
  }

  /** The exit code, if a server has done it; if not, nothing has been done. */
  static Optional<Integer> run(String... words) {
    if (words.length == 0 || words[0].startsWith("-") || OWN.contains(words[0]) || asks(words)) {
      return Optional.empty();
    }
    Path project = Path.of(option(words, "--dir", "")).toAbsolutePath().normalize();
    try {
      Optional<Path> socket = socket(project, option(words, "--env", "dev"));
      if (socket.isEmpty()) {
        return Optional.empty();
      }
      try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
        channel.connect(UnixDomainSocketAddress.of(socket.get()));
        return new DoorClient(channel).talk(words);
      }
    } catch (IOException | RuntimeException e) {
      return Optional.empty(); // nobody is behind it any more, or nothing here has doors
    }
  }

  /** A password is asked for where it is typed. */
  @SuppressWarnings("SystemConsoleNull") // Java 17 it is
  private static boolean asks(String... words) {
    return words.length > 1 && words[1].equals("discover") && System.console() != null;
  }

  /** The last value of an option, as the parser of commands has it. */
  private static String option(String[] words, String name, String otherwise) {
    String value = otherwise;
    for (int i = 1; i < words.length && !words[i].equals("--"); i++) {
      if (words[i].startsWith(name + "=")) {
        value = words[i].substring(name.length() + 1);
      } else if (words[i].equals(name) && i + 1 < words.length) {
        value = words[++i];
      }
    }
    return value;
  }

  /**
   * Where the door is, if it is this user's, of this version and of this folder: another's may
   * belong to whoever wants to know what is sent.
   */
  private static Optional<Path> socket(Path project, String environment) throws IOException {
    Optional<Path> sign = Door.sign(project, environment);
    if (sign.isEmpty() || !Files.exists(sign.get()) || !isOwn(sign.get())) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(sign.get());
    if (lines.size() != 3 || !lines.get(1).equals(Door.version())) {
      return Optional.empty();
    }
    Path socket = Path.of(lines.get(0));
    boolean here = project.toRealPath().toString().equals(lines.get(2)); // not that of a copy
    return here && isOwn(socket) ? Optional.of(socket) : Optional.empty();
  }

  private static boolean isOwn(Path file) throws IOException {
    return Files.getAttribute(file, "unix:uid")
        .equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
  }

  private Optional<Integer> talk(String... words) throws IOException {
    Map<String, String> variables =
        System.getenv().entrySet().stream()
            .filter(e -> e.getKey().startsWith("ECLUSE_"))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    Door.Request request =
        new Door.Request(
            Path.of("").toAbsolutePath(),
            ZoneId.systemDefault().getId(),
            RunWatcher.Terminal.detect(),
            Door.view(),
            variables,
            List.of(words));
    ByteBuffer bytes = ByteBuffer.wrap(request.bytes());
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    Thread goodbye = new Thread(this::interrupt);
    Runtime.getRuntime().addShutdownHook(goodbye);
    try {
      return print();
    } finally {
      ended.countDown();
      try {
        Runtime.getRuntime().removeShutdownHook(goodbye);
      } catch (IllegalStateException e) {
        // the program is ending: the hook is running
      }
    }
  }

  private void interrupt() {
    try {
      channel.write(ByteBuffer.wrap(new byte[] {Door.INTERRUPT}));
      ended.await(LONGEST_GOODBYE_SECONDS, TimeUnit.SECONDS);
    } catch (IOException e) {
      // it has ended
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<Integer> print() throws IOException {
    DataInputStream in = new DataInputStream(Door.reading(channel));
    boolean begun = false;
    try {
      while (true) {
        int kind = in.readByte();
        byte[] content = Door.exactly(in, in.readInt());
        switch (kind) {
          case Door.OUT -> write(System.out, content);
          case Door.ERR -> write(System.err, content);
          case Door.ELSEWHERE -> {
            return Optional.empty();
          }
          case Door.END -> {
            return Optional.of(ByteBuffer.wrap(content).getInt());
          }
          default -> throw new IOException("Unknown answer " + kind);
        }
        begun = true;
      }
    } catch (IOException e) {
      System.err.println(
          "error: the server ended before the command did; ecluse ls runs tells what became of a run");
      return Optional.of(begun ? Main.FAILED : Main.UNREACHABLE);
    }
  }

  private static void write(PrintStream stream, byte[] content) {
    stream.write(content, 0, content.length);
    stream.flush();
  }
}
