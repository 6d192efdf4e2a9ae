package io.ecluse.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What an image must be like; each rule tells what breaks it. */
final class ImageRules {
  private static final Pattern SECRET =
      Pattern.compile("(?i).*(password|passwd|secret|token|credential|private_?key)[^=]*=.+");
  private static final Set<String> FOLDERS_OF_SECRETS = Set.of("ECLUSE_SECRETS=/run/secrets");

  /** What only a build needs, or somebody who has broken in. */
  private static final Pattern LEFT =
      Pattern.compile(
          "/usr/(local/)?s?bin/(javac|jlink|jar|gcc|cc|make|mvn|npm|node|apt|apt-get|dpkg|curl|wget|python3|perl|bash|su|sudo|mount)"
              + "|/opt/ecluse/jre/bin/(javac|jlink|jar|jshell|jcmd|keytool)"
              + "|.*/(\\.m2|\\.git|node_modules|jmods)|.*\\.java|/(in|laid)");

  private ImageRules() {}

  /** Of what an engine is told. */
  static List<String> mistakes(JsonNode config) {
    List<String> mistakes = new ArrayList<>();
    String user = config.path("User").asString("");
    if (!user.matches("[1-9][0-9]*(:[0-9]+)?")) {
      mistakes.add("runs as '" + user + "', but must as a number that is not root's");
    }
    for (JsonNode each : config.path("Env")) {
      String variable = each.asString();
      if (SECRET.matcher(variable).matches() && !FOLDERS_OF_SECRETS.contains(variable)) {
        mistakes.add("holds a secret in its environment: " + variable.split("=")[0]);
      }
    }
    return mistakes;
  }

  /** Of what an engine is told of one that serves. */
  static List<String> mistakesOfServer(JsonNode config) {
    List<String> mistakes = new ArrayList<>(mistakes(config));
    JsonNode health = config.path("Healthcheck").path("Test");
    if (!health.path(0).asString("").equals("CMD")) {
      mistakes.add("has no health check that needs no shell: " + health);
    }
    String first = config.path("Entrypoint").path(0).asString("");
    if (!first.startsWith("/") || first.endsWith("sh")) {
      mistakes.add("is started by a shell, or by nobody knows what: '" + first + "'");
    }
    if (!config.path("StopSignal").asString("").equals("SIGTERM")) {
      mistakes.add("is not ended by SIGTERM");
    }
    if (config.path("Volumes").size() != 1) {
      mistakes.add("has not one volume: " + config.path("Volumes"));
    }
    if (config.path("ExposedPorts").propertyStream().anyMatch(p -> port(p.getKey()) < 1024)) {
      mistakes.add("needs root for its ports: " + config.path("ExposedPorts"));
    }
    return mistakes;
  }

  private static int port(String exposed) {
    return Integer.parseInt(exposed.split("/")[0]);
  }

  /**
   * Of its files: nothing that the user could change but its volumes, nothing that lends rights,
   * nothing left of the build.
   *
   * @param user whose volumes may be written
   */
  static List<String> mistakes(Path root, int user, Set<String> volumes) throws IOException {
    List<String> mistakes = new ArrayList<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.toList()) {
        String name = "/" + root.relativize(file);
        if (Files.isSymbolicLink(file)) {
          continue;
        }
        int owner = (int) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        int mode = (int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        Set<PosixFilePermission> rights = Files.getPosixFilePermissions(file);
        boolean volume = volumes.contains(name);
        if (owner != (volume ? user : 0)) {
          mistakes.add(name + " is of user " + owner);
        }
        if (rights.contains(PosixFilePermission.OTHERS_WRITE) && !name.equals("/tmp")) {
          mistakes.add(name + " can be written by everybody");
        }
        if ((mode & 06000) != 0) {
          mistakes.add(name + " lends rights (setuid, setgid)");
        }
        if (!volume && !rights.contains(PosixFilePermission.OTHERS_READ)) {
          mistakes.add(name + " cannot be read by the user");
        }
        if (LEFT.matcher(name).matches()) {
          mistakes.add(name + " is left of the build, or has no use");
        }
      }
    }
    return mistakes;
  }

  /** Bytes of all files, those with several names once. */
  static long bytes(Path root) throws IOException {
    Set<Object> seen = new java.util.HashSet<>();
    long sum = 0;
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file :
          all.filter(f -> Files.isRegularFile(f, LinkOption.NOFOLLOW_LINKS)).toList()) {
        if (seen.add(Files.getAttribute(file, "unix:ino"))) {
          sum += Files.size(file);
        }
      }
    }
    return sum;
  }

  /** Of the file that images are made by. */
  static List<String> mistakesOfContainerfile(String text) {
    List<String> mistakes = new ArrayList<>();
    boolean stage = false;
    String user = "root";
    for (String line : text.lines().map(String::strip).toList()) {
      if (line.startsWith("FROM ")) {
        stage = true;
        user = "root";
        String image = line.split(" +")[1];
        if (!image.equals("scratch") && !image.startsWith("${") && !image.contains("@sha256:")) {
          mistakes.add(image + " may be another tomorrow: name it by its digest");
        }
      } else if (line.matches("ARG +(SPARK_)?BASE=.*") && !line.endsWith("=scratch")) {
        mistakes.add("a base that is chosen by nobody: " + line);
      } else if (stage && line.startsWith("USER ")) {
        user = line.substring("USER ".length()).strip();
      } else if (line.matches("(ADD|COPY|RUN) .*https?://.*")
          || line.matches("RUN .*(curl|wget) .*")) {
        mistakes.add("fetches what nobody checks: " + line);
      } else if (line.matches("(ENV|ARG) .*") && holdsSecret(line)) {
        mistakes.add("holds a secret: " + line.split("=")[0]);
      } else if (line.matches("(ENTRYPOINT|CMD|RUN) +[^\\[].*")) {
        mistakes.add("needs a shell: " + line);
      }
    }
    if (!user.matches("[1-9][0-9]*(:[0-9]+)?")) {
      mistakes.add("the last stage ends as " + user);
    }
    return mistakes;
  }

  private static boolean holdsSecret(String line) {
    return Stream.of(line.split(" +"))
        .anyMatch(word -> SECRET.matcher(word).matches() && !FOLDERS_OF_SECRETS.contains(word));
  }
}
