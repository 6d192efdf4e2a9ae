package io.ecluse.spark;

import io.ecluse.project.ClusterForm;
import io.ecluse.project.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A kind of cluster: what the project's file says of it, and how Spark's own submission is told to
 * reach it. One class has all of it, and nobody else knows the kind. Stateless.
 */
public interface ClusterType extends ClusterForm {
  /**
   * How an application is submitted.
   *
   * @throws io.ecluse.error.EcluseException INVALID_PROJECT if a value resolves to none that is
   *     possible
   */
  Submission submission(Settings.Cluster cluster);

  /**
   * For a kind whose applications a service elsewhere starts.
   *
   * @return empty if this machine submits them
   */
  default Optional<RemoteApplications> remote(RemoteApplications.Surroundings around) {
    return Optional.empty();
  }

  /** Whether Spark's tools of this machine run on it: not where a service alone starts anything. */
  default boolean takesTools() {
    return true;
  }

  /**
   * Looks whether the cluster can be reached at all, which Spark itself tries for a minute.
   *
   * @throws io.ecluse.error.EcluseException CLUSTER_UNREACHABLE
   */
  default void reach(Settings.Cluster cluster) {}

  /**
   * Brings to a cluster what its machines need of Spark; may take a while, the first time.
   *
   * @param spark a folder with Spark's {@code jars}
   * @param jars what goes beside them
   * @return Spark's configuration that says where that is
   */
  default Map<String, String> bring(Settings.Cluster cluster, Path spark, List<Path> jars) {
    return Map.of("spark.jars", joined(jars, ","));
  }

  /** Files as one word. */
  static String joined(List<Path> files, String between) {
    return files.stream().map(Path::toString).collect(Collectors.joining(between));
  }

  /**
   * How Spark is told where to run an application, and with what.
   *
   * @param master as Spark writes it: {@code local[2]}, {@code spark://host:7077}, {@code yarn}
   * @param driver where the driver is
   * @param conf Spark's own configuration
   * @param environment variables of the process that submits
   * @param needs what Spark's distribution must have beyond the usual, as the beginning of a jar's
   *     name
   */
  record Submission(
      String master,
      Driver driver,
      Map<String, String> conf,
      Map<String, String> environment,
      List<String> needs) {
    public Submission {
      conf = Map.copyOf(conf);
      environment = Map.copyOf(environment);
      needs = List.copyOf(needs);
    }
  }

  /** Where the driver of an application is. */
  enum Driver {
    /** In the process that submits it, on this machine. */
    HERE,
    /** On a machine of the cluster. */
    ON_THE_CLUSTER
  }
}
