package io.ecluse.cli;

import io.ecluse.Platform;
import io.ecluse.metadata.AccessTokens;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "token",
    mixinStandardHelpOptions = true,
    description = "Prints a bearer token for the API, once; one of the same name is replaced.")
final class TokenCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ProjectOptions options = new ProjectOptions();

  @Parameters(paramLabel = "NAME", description = "who uses it, as in notebook or ci")
  private String name = "";

  @Override
  public Integer call() {
    try (Platform platform = options.open()) {
      String token = new AccessTokens(platform.metadata().jdbi()).newBearer(name);
      spec.commandLine().getOut().println(token);
      return Main.DONE;
    }
  }
}
