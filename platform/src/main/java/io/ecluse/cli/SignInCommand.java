package io.ecluse.cli;

import io.ecluse.Platform;
import io.ecluse.access.Action;
import io.ecluse.access.Subject;
import io.ecluse.error.ErrorCode;
import io.ecluse.metadata.WebServers;
import io.ecluse.web.ServerProbe;
import io.ecluse.web.WebServer;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "sign-in",
    description =
        "Prints a link that signs in to the web app, once, within an hour; one for each server that runs on the project.")
final class SignInCommand extends ProjectCommand {
  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "where the server is (default: wherever one runs on this project)")
  private Optional<URI> url = Optional.empty();

  @Override
  public Integer call() {
    return with(
        Action.GIVE_ACCESS,
        Subject.PROJECT,
        platform -> {
          for (URI place : url.map(List::of).orElseGet(() -> running(platform))) {
            out().println(WebServer.signInLink(place, platform.tokens().newSignInCode()));
          }
        });
  }

  private List<URI> running(Platform platform) {
    List<URI> running =
        new WebServers(platform.metadata().jdbi(), platform.environment())
            .all().stream()
                .filter(ServerProbe::answers)
                .map(WebServers.Listening::publicUrl)
                .toList();
    if (running.isEmpty()) {
      throw ErrorCode.CONFLICT.error(
          "No server runs on this project; start one with %s, or say where it is with --url URL"
              .formatted(command("server")));
    }
    return running;
  }
}
