package io.ecluse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The processes of a private PostgreSQL, for tests that do them harm. */
public final class PrivateServer {
  private PrivateServer() {}

  /** Its first process, as its files tell. */
  public static long postmaster(Path folder) throws IOException {
    return Long.parseLong(Files.readAllLines(folder.resolve("data/postmaster.pid")).get(0).strip());
  }

  /** Sends a signal to all its processes and returns their ids. */
  public static List<Long> signalAll(Path folder, String signal)
      throws IOException, InterruptedException {
    List<Long> ids = new ArrayList<>(List.of(postmaster(folder)));
    ProcessHandle.of(ids.get(0)).orElseThrow().descendants().forEach(p -> ids.add(p.pid()));
    signal(ids, signal);
    return ids;
  }

  public static void signal(List<Long> ids, String signal)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
    ids.forEach(id -> command.add(String.valueOf(id)));
    new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
