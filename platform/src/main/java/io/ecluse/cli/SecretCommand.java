package io.ecluse.cli;

import io.ecluse.access.Action;
import io.ecluse.access.Subject;
import io.ecluse.disk.Disk;
import io.ecluse.error.ErrorCode;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "secret",
    description =
        "Keeps a secret that the project's files name as ${secret:NAME}; asks for it, or reads it from standard input.")
final class SecretCommand extends ProjectCommand {
  @Parameters(paramLabel = "NAME", description = "the secret's name")
  private String name = "";

  @Override
  public Integer call() throws IOException {
    shell().ask(Action.KEEP_SECRET, Subject.PROJECT);
    if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
      throw ErrorCode.INVALID_USAGE.error(
          "'%s' is no name of a secret: use 1 to 64 letters, digits, _ and -".formatted(name));
    }
    String value = read();
    if (value.isEmpty()) {
      throw ErrorCode.INVALID_USAGE.error("The secret is empty; nothing was kept");
    }
    Path folder = folder().resolve(".ecluse").resolve("secrets");
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    Disk disk = new Disk();
    disk.write(
        folder.resolve(name),
        value.getBytes(StandardCharsets.UTF_8),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    disk.sync(List.of(), folder);
    out().println("Kept secret " + name);
    return Main.DONE;
  }

  private String read() throws IOException {
    Console console = System.console();
    if (console != null) {
      return new String(console.readPassword("%s: ", name));
    }
    String line =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    return line == null ? "" : line;
  }
}
