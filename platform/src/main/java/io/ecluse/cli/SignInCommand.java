package io.ecluse.cli;

import io.ecluse.Platform;
import io.ecluse.metadata.AccessTokens;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "sign-in",
    mixinStandardHelpOptions = true,
    description = "Prints a link that signs in to the web app, once, within an hour.")
final class SignInCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ProjectOptions options = new ProjectOptions();

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "where the server is (default: http://127.0.0.1:8080)")
  private String url = "http://127.0.0.1:8080";

  @Override
  public Integer call() {
    try (Platform platform = options.open()) {
      String code = new AccessTokens(platform.metadata().jdbi()).newSignInCode();
      spec.commandLine().getOut().println(url.replaceAll("/+$", "") + "/sign-in#code=" + code);
      return Main.DONE;
    }
  }
}
