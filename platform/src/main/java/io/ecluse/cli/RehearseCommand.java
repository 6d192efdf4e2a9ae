package io.ecluse.cli;

import io.ecluse.Platform;
import io.ecluse.disk.Folders;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.Rows;
import io.ecluse.project.Project;
import io.ecluse.warehouse.ReadView;
import io.ecluse.web.WebServer;
import io.ecluse.web.WebSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Runs the example once, starts a server on it, asks it for a page, and ends. The launcher does so
 * once after a build, to write down which classes a start and an extract need, so that every later
 * one is quicker.
 */
@Command(name = "rehearse", hidden = true)
final class RehearseCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("ecluse-rehearsal-");
    try {
      command(folder, "demo", "--once", "--scale", "0.01"); // it extracts, loads, builds, publishes
      Files.writeString(
          folder.resolve("models/marts/rehearsal.sql"),
          "/* ecluse\ndescription: To be looked at\n*/\nSELECT 1 AS x\n");
      rehearse(folder);
    } finally {
      Folders.delete(folder);
    }
    return Main.DONE;
  }

  private void rehearse(Path folder) throws IOException, InterruptedException {
    try (Platform platform =
            new Platform(
                new Platform.Opening(
                    folder, Project.DEFAULT_ENVIRONMENT, Platform.Workers.HERE, 1, Map.of()));
        WebServer server = WebServer.start(platform, new WebSettings("127.0.0.1", 0))) {
      platform.starts().followSchedules();
      platform.engine().run("select 1", ReadView.PUBLISHED, new Cancellation(), new Rows());
      platform.queries().warmUp();
      rehearseCommands(folder);
      HttpClient client = HttpClient.newHttpClient();
      for (String path : List.of("/", "/api/v1/health", "/api/v1/home")) {
        client.send(
            HttpRequest.newBuilder(URI.create(server.url() + path)).build(),
            HttpResponse.BodyHandlers.discarding());
      }
    }
  }

  /** As the commands that only look do them without a server. */
  private void rehearseCommands(Path folder) {
    for (String[] words :
        new String[][] {
          {"extract", "erp", "students"},
          {"build", "marts.rehearsal"},
          {"ls", "tables"},
          {"ls", "models"},
          {"ls", "dags"},
          {"ls", "runs"},
          {"show", "table", "marts.rehearsal"},
          {"query", "select x from marts.rehearsal"}
        }) {
      command(folder, words);
    }
  }

  private void command(Path folder, String... words) {
    PrintWriter nobody = new PrintWriter(Writer.nullWriter());
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--dir", folder.toString()));
    Commands.run(Shell.of(spec), nobody, nobody, all.toArray(String[]::new));
  }
}
