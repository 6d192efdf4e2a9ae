package io.ecluse.spark;

import io.ecluse.error.EcluseException;
import io.ecluse.project.Settings;
import io.ecluse.storage.Storage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Applications of a kind of cluster that a service elsewhere starts, and is asked about. Nothing
 * here waits for the service: it is asked in the background. Safe for use by several threads; what
 * one process has started another takes up.
 */
public interface RemoteApplications extends AutoCloseable {
  /**
   * What there is around it.
   *
   * @param owner the installation and environment, unlike all others
   * @param project the project's folder
   * @param stores opens a location as the warehouse's store is opened
   */
  record Surroundings(String owner, Path project, Function<String, Storage> stores) {}

  /**
   * An application that is to be started.
   *
   * @param name which it asks for work by, and which nothing had before
   * @param token its secret: never where others read it
   * @param door where it asks
   * @param jars ours, which has the main class, and Iceberg's
   * @param conf Spark's configuration
   * @param pace how long it waits for work, and how much it does at once
   * @param here how this machine submits it, where a service is not asked to
   */
  record Application(
      String name,
      String token,
      String door,
      Jars jars,
      Map<String, String> conf,
      Pace pace,
      Here here) {
    /** The class that runs. */
    public static final String MAIN = "io.ecluse.spark.JobApplication";

    public Application {
      conf = Map.copyOf(conf);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** What an application is made of. */
  record Jars(Path application, Path iceberg) {}

  /**
   * How an application is submitted from this machine, by Spark itself.
   *
   * @param log what the submission prints; what the cluster says goes there too
   * @param bring brings to the cluster what its machines need of Spark; returns the configuration
   *     that says where that is
   * @param submission starts it with more configuration; its end is not that of the application
   */
  record Here(
      Path log,
      Supplier<Map<String, String>> bring,
      Function<Map<String, String>, Process> submission) {}

  /** How an application works. */
  record Pace(Duration idle, int parallel) {}

  /**
   * An application that was started, by this process or another.
   *
   * @param handle what it was last called by, as {@code start} told; empty if whoever starts it has
   *     not come to that, or died before
   * @param age since somebody began to start it
   * @param log the file of this machine with what is known of it
   */
  record Started(String name, Optional<String> handle, Duration age, Path log) {}

  /**
   * Begins to start one, and returns.
   *
   * @param called is told what it can be found again by, each time when more is known
   */
  void start(Settings.Cluster cluster, Application application, Consumer<String> called);

  /** Why an application is gone; empty while it comes up or works. */
  Optional<EcluseException> gone(Settings.Cluster cluster, Started application);

  /**
   * A page of the service on an application, as of lately; it may open only for a while, and to
   * whoever has its address.
   */
  default Optional<String> page(Started application) {
    return Optional.empty();
  }

  /** An application has asked for work: what was left for its start is not needed any more. */
  void atWork(Started application);

  /** Has an application ended. */
  void end(Settings.Cluster cluster, Started application);

  /**
   * Ends whatever was made for applications that nobody knows of any more.
   *
   * @param live names of those that are known; asked after what there is was found
   */
  void sweep(Settings.Cluster cluster, Supplier<Set<String>> live);

  @Override
  void close();
}
