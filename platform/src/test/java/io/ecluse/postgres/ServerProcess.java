package io.ecluse.postgres;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A {@link ServerUser}, started and spoken to by a test. */
final class ServerProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader answers;

  private ServerProcess(Process process) {
    this.process = process;
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static ServerProcess start(Path folder) throws IOException {
    return start(List.of(), System.getProperty("java.class.path"), Map.of(), folder);
  }

  /**
   * @param prefix what to start the JVM through
   * @param environment over that of the test
   */
  static ServerProcess start(
      List<String> prefix, String classPath, Map<String, String> environment, Path folder)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xshare:auto",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx64m",
            "-cp",
            classPath,
            ServerUser.class.getName(),
            folder.toString(),
            "0"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(Path.of("/").toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    return new ServerProcess(builder.start());
  }

  /** The next line it says. */
  String answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new AssertionError("The process ended without a word");
    }
    return line;
  }

  /** Waits until it has the server open; returns the port. */
  int opened() throws IOException {
    String line = answer();
    if (!line.startsWith("open ")) {
      throw new AssertionError(line);
    }
    return Integer.parseInt(line.split(" ")[1]);
  }

  void tell(String line) throws IOException {
    process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  /** As {@code kill -9}. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  void end() throws IOException, InterruptedException {
    tell("close");
    if (!answer().equals("closed") || !process.waitFor(20, TimeUnit.SECONDS)) {
      throw new AssertionError("The process did not close the server");
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
