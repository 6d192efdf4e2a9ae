package io.ecluse.spark;

import io.ecluse.error.ErrorCode;
import io.ecluse.error.Nearest;
import io.ecluse.project.Position;
import io.ecluse.project.Settings;
import io.ecluse.project.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The clusters of an environment, this machine among them.
 *
 * @param settings of the environment, as they are now
 */
record Clusters(Supplier<Settings> settings) {
  /** The one that is meant: the one that is named, the only one there is, or this machine. */
  Settings.Cluster meant(Optional<String> wish) {
    Settings now = settings.get();
    Optional<String> name = wish.or(() -> now.compute().cluster());
    if (name.isPresent()) {
      return named(name.get());
    } else if (now.clusters().size() > 1) {
      throw ErrorCode.INVALID_PROJECT.error(
          "There are several clusters, %s; say which: cluster in the model's header, the DAG's file or ecluse.yaml, or --cluster NAME"
              .formatted(Nearest.list(now.clusters().keySet())));
    }
    return now.clusters().values().stream().findFirst().orElseGet(Clusters::local);
  }

  Settings.Cluster named(String name) {
    Map<String, Settings.Cluster> clusters = new LinkedHashMap<>();
    clusters.put(Settings.LOCAL_CLUSTER, local());
    clusters.putAll(settings.get().clusters());
    return Nearest.require("cluster", name, clusters);
  }

  private static Settings.Cluster local() {
    return new Settings.Cluster(
        Settings.LOCAL_CLUSTER, Settings.LOCAL_CLUSTER, Value.Entries.none(Position.START));
  }
}
