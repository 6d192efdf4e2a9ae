package io.ecluse.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What a compose file must be like, to be closed and to last; each rule tells what breaks it. */
final class ComposeRules {
  private static final Pattern SECRET =
      Pattern.compile("(?i).*(password|passwd|secret|token|credential|_key)$");

  /** A secret's name, or the place of a file that holds one. */
  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\{secret:[A-Za-z0-9_]+}|/run/secrets(/[\\w.]+)?|");

  private static final Pattern IN_URL = Pattern.compile("://[^:/@]*:(?!\\$\\{secret:)[^@/]+@");

  private ComposeRules() {}

  static List<String> mistakes(Compose compose) {
    List<String> mistakes = new ArrayList<>();
    compose
        .services()
        .forEach((name, service) -> of(service).forEach(each -> mistakes.add(name + " " + each)));
    Compose.map(compose.content(), "secrets")
        .forEach(
            (name, secret) -> {
              if (!(secret instanceof Map<?, ?> map) || !map.keySet().equals(Set.of("file"))) {
                mistakes.add("secret " + name + " is not of a file: " + secret);
              }
            });
    return mistakes;
  }

  private static List<String> of(Map<String, Object> service) {
    List<String> mistakes = new ArrayList<>();
    published(service, mistakes);
    rights(service, mistakes);
    lasting(service, mistakes);
    secrets(service, mistakes);
    return mistakes;
  }

  private static void published(Map<String, Object> service, List<String> mistakes) {
    for (String port : Compose.words(service, "ports")) {
      if (!port.matches("127\\.0\\.0\\.1:[0-9]+:[0-9]+")) {
        mistakes.add("is open to the network: " + port);
      }
    }
    if ("host".equals(service.get("network_mode"))) {
      mistakes.add("is open to the network: network_mode host");
    }
    if (Compose.list(service, "networks").isEmpty() && Compose.map(service, "networks").isEmpty()) {
      mistakes.add("names no network");
    }
  }

  private static void rights(Map<String, Object> service, List<String> mistakes) {
    if (!String.valueOf(service.get("user")).matches("[1-9][0-9]*:[1-9][0-9]*")) {
      mistakes.add("may run as root: user " + service.get("user"));
    }
    if (!Boolean.TRUE.equals(service.get("read_only"))) {
      mistakes.add("may write its root file system: no read_only");
    }
    if (!Compose.words(service, "cap_drop").contains("ALL")) {
      mistakes.add("keeps capabilities: no cap_drop ALL");
    }
    if (!Compose.words(service, "security_opt").contains("no-new-privileges:true")) {
      mistakes.add("may get more rights: no no-new-privileges");
    }
    if (Boolean.TRUE.equals(service.get("privileged"))) {
      mistakes.add("is privileged");
    }
    if (Compose.words(service, "volumes").stream().anyMatch(v -> v.contains("docker.sock"))) {
      mistakes.add("holds the engine's socket");
    }
  }

  private static void lasting(Map<String, Object> service, List<String> mistakes) {
    boolean ends = "no".equals(service.get("restart"));
    Map<String, Object> health = Compose.map(service, "healthcheck");
    boolean asked = Compose.words(service, "healthcheck").isEmpty() && health.containsKey("test");
    if (!asked && !(ends && Boolean.TRUE.equals(health.get("disable")))) {
      mistakes.add("has no healthcheck");
    }
    if (!ends && !"unless-stopped".equals(service.get("restart"))) {
      mistakes.add("is not started again: restart " + service.get("restart"));
    }
    Map<String, Object> limits =
        Compose.map(Compose.map(Compose.map(service, "deploy"), "resources"), "limits");
    if (!limits.keySet().containsAll(Set.of("cpus", "memory", "pids"))) {
      mistakes.add("may take the whole machine: limits " + limits.keySet());
    }
    String image = String.valueOf(service.get("image"));
    if (!image.contains("@sha256:")) {
      mistakes.add("may be another tomorrow: image " + image);
    }
    if (Compose.map(service, "logging").isEmpty()) {
      mistakes.add("may fill the disk with its log");
    }
  }

  private static void secrets(Map<String, Object> service, List<String> mistakes) {
    Compose.map(service, "environment")
        .forEach(
            (name, value) -> {
              boolean secret = SECRET.matcher(name.replaceFirst("_FILE$", "")).matches();
              if (secret && !REFERENCE.matcher(String.valueOf(value)).matches()) {
                mistakes.add("holds a secret in its environment: " + name);
              }
            });
    List<String> texts = new ArrayList<>(Compose.words(service, "command"));
    Compose.map(service, "environment").values().forEach(v -> texts.add(String.valueOf(v)));
    if (texts.stream().anyMatch(text -> IN_URL.matcher(text).find())) {
      mistakes.add("holds a secret in a URL");
    }
  }
}
