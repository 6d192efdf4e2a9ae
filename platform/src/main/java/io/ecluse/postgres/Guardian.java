package io.ecluse.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The shell script that starts a folder's server and stops it when nobody uses it any more. */
record Guardian(ServerFiles files) {
  /**
   * Starts the guardian, which starts the server: at no moment is there a server without one, even
   * if this process is killed.
   *
   * @param mistaken a process id in postmaster.pid that is another program's
   * @param server its command line; none to watch the one that runs
   */
  Process start(long mistaken, List<String> server) {
    try (var script = Guardian.class.getResourceAsStream("guardian.sh")) {
      if (script == null) {
        throw new AssertionError("guardian.sh is part of the platform");
      }
      Path file =
          files.write("guardian.sh", new String(script.readAllBytes(), StandardCharsets.UTF_8));
      List<String> command =
          new ArrayList<>(List.of("setsid", "sh", file.toString(), files.folder().toString()));
      command.add(String.valueOf(mistaken));
      command.addAll(server);
      return ServerOptions.environment(new ProcessBuilder(command))
          .redirectErrorStream(true)
          .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
          .redirectOutput(ProcessBuilder.Redirect.appendTo(files.log().toFile()))
          .start();
    } catch (IOException e) {
      throw ServerFiles.failed("start the guardian of " + files.folder(), e);
    }
  }
}
