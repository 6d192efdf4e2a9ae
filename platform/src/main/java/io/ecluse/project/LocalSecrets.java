package io.ecluse.project;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Secrets of this machine: the environment variable {@code ECLUSE_SECRET_<NAME>} first, then the
 * file {@code <name>} in the folder that {@link #FOLDER} names, then {@code
 * .ecluse/secrets/<name>}, which only its owner may read. Nothing is kept: a changed file counts
 * from the next use on.
 */
public final class LocalSecrets implements Secrets {
  /**
   * Names a folder that whoever runs the platform hands over, with a file for each secret. Modes of
   * files are theirs to choose there: Docker and Kubernetes hand them over as 0444 and 0644, in a
   * container that nobody else is in.
   */
  public static final String FOLDER = "ECLUSE_SECRETS";

  private final Map<String, String> environment;
  private final Path folder;

  /**
   * @param environment usually {@code System.getenv()}
   * @param folder the project's folder
   */
  public LocalSecrets(Map<String, String> environment, Path folder) {
    this.environment = environment;
    this.folder = folder;
  }

  @Override
  public String env(String name) {
    String value = environment.get(name);
    if (value == null) {
      throw missing("The environment variable %s is not set".formatted(name));
    }
    return value;
  }

  @Override
  public String secret(String name) {
    String variable = "ECLUSE_SECRET_" + name.toUpperCase(Locale.ROOT);
    String value = environment.get(variable);
    if (value != null) {
      return value;
    }
    Optional<Path> given =
        Optional.ofNullable(environment.get(FOLDER))
            .filter(f -> !f.isBlank())
            .map(f -> Path.of(f).resolve(name))
            .filter(Files::isRegularFile);
    if (given.isPresent()) {
      return text(name, given.get());
    }
    Path file = folder.resolve(".ecluse").resolve("secrets").resolve(name);
    if (!Files.isRegularFile(file)) {
      throw missing(
          "The secret %s has no value: set the environment variable %s, or write it to %s with mode 0600"
              .formatted(name, variable, file));
    }
    return read(name, file);
  }

  private static String read(String name, Path file) {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      boolean open =
          permissions.stream()
              .anyMatch(p -> p.name().startsWith("GROUP") || p.name().startsWith("OTHERS"));
      if (open) {
        throw missing(
            "The secret %s may be read by others, so it is not used: chmod 600 %s"
                .formatted(name, file));
      }
      return text(name, file);
    } catch (IOException | UnsupportedOperationException e) {
      throw unreadable(name, file, e);
    }
  }

  private static String text(String name, Path file) {
    try {
      String text = Files.readString(file);
      return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    } catch (IOException e) {
      throw unreadable(name, file, e);
    }
  }

  private static EcluseException unreadable(String name, Path file, Exception cause) {
    return ErrorCode.SECRET_MISSING.error(
        "The secret %s cannot be read from %s".formatted(name, file), cause);
  }

  private static EcluseException missing(String message) {
    return ErrorCode.SECRET_MISSING.error(message);
  }
}
