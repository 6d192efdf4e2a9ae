package io.ecluse.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A plain Spark in a process of its own, which is asked one query after the other. */
final class SqlProcess implements AutoCloseable {
  private final Process process;
  private final PrintStream asks;
  private final BufferedReader answers;
  private final Path log;

  SqlProcess(List<String> command, Path log) throws IOException {
    this.process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    this.log = log;
    this.asks = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    this.answers = process.inputReader();
    answer("ready");
  }

  private String[] answer(String word) throws IOException {
    for (String line = answers.readLine(); line != null; line = answers.readLine()) {
      if (line.startsWith(word)) {
        return line.split(" ");
      }
    }
    throw new AssertionError("Spark has ended: " + Files.readString(log));
  }

  /** What a query took there. */
  Cost ask(Path query) throws IOException {
    asks.println(query);
    String[] told = answer("run ");
    return new Cost(Double.parseDouble(told[1]), Double.parseDouble(told[2]), told[3]);
  }

  @Override
  public void close() throws Exception {
    asks.close();
    process.waitFor();
  }

  /**
   * What a query took.
   *
   * @param cpu milliseconds of all processes that worked for it
   * @param answer of which the others' are compared
   */
  record Cost(double millis, double cpu, String answer) {}
}
