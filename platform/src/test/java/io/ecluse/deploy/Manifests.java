package io.ecluse.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Objects of Kubernetes, as a chart made them. */
record Manifests(List<Node> objects) {
  /** A part of an object, which may not be there. */
  record Node(Object value) {
    private static final Object NOTHING = Map.of();

    /** What stands under a path of keys, as {@code spec.template.spec}. */
    Node at(String path) {
      Object here = value;
      for (String key : path.split("\\.")) {
        here = here instanceof Map<?, ?> map && map.get(key) != null ? map.get(key) : NOTHING;
      }
      return new Node(here);
    }

    boolean isThere() {
      return value != NOTHING;
    }

    List<Node> each() {
      return value instanceof List<?> list ? list.stream().map(Node::new).toList() : List.of();
    }

    String text() {
      return isThere() ? String.valueOf(value) : "";
    }

    Map<?, ?> map() {
      return value instanceof Map<?, ?> map ? map : Map.of();
    }

    /** All texts in it, at whatever depth. */
    Stream<String> texts() {
      if (value instanceof Map<?, ?> map) {
        return map.values().stream().flatMap(v -> new Node(v).texts());
      }
      return value instanceof List<?> list
          ? list.stream().flatMap(v -> new Node(v).texts())
          : Stream.of(String.valueOf(value));
    }
  }

  static Manifests of(String text) {
    List<Node> objects = new ArrayList<>();
    new Load(LoadSettings.builder().setAllowDuplicateKeys(false).build())
        .loadAllFromString(text)
        .forEach(
            each -> {
              if (each != null) {
                objects.add(new Node(each));
              }
            });
    return new Manifests(objects);
  }

  List<Node> kind(String kind) {
    return objects.stream().filter(o -> o.at("kind").text().equals(kind)).toList();
  }

  Optional<Node> find(String kind, String name) {
    return kind(kind).stream().filter(o -> o.at("metadata.name").text().equals(name)).findFirst();
  }

  /**
   * Something that makes pods.
   *
   * @param template what its pods are like
   */
  record Workload(String name, String kind, Node template) {
    List<Node> containers() {
      return Stream.concat(
              template.at("spec.initContainers").each().stream(),
              template.at("spec.containers").each().stream())
          .toList();
    }
  }

  List<Workload> workloads() {
    return objects.stream()
        .flatMap(
            o -> {
              String kind = o.at("kind").text();
              Node template =
                  switch (kind) {
                    case "Deployment", "StatefulSet", "DaemonSet", "Job" -> o.at("spec.template");
                    case "CronJob" -> o.at("spec.jobTemplate.spec.template");
                    case "Pod" -> o;
                    default -> new Node(Node.NOTHING);
                  };
              return template.isThere()
                  ? Stream.of(new Workload(o.at("metadata.name").text(), kind, template))
                  : Stream.empty();
            })
        .toList();
  }
}
