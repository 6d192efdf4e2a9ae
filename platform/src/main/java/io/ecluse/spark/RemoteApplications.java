package io.ecluse.spark;

import io.ecluse.error.EcluseException;
import io.ecluse.project.Settings;
import io.ecluse.storage.Storage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

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
   * @param files of this machine that it is made of
   * @param conf Spark's configuration
   * @param pace how long it waits for work, and how much it does at once
   */
  record Application(
      String name, String token, String door, Files files, Map<String, String> conf, Pace pace) {
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

  /**
   * What an application is made of.
   *
   * @param application our jar, which has the main class
   * @param iceberg its runtime for Spark
   * @param spark folders with Spark's jars, for who submits by its own command
   * @param log where to put what it says
   */
  record Files(Path application, Path iceberg, List<Path> spark, Path log) {
    public Files {
      spark = List.copyOf(spark);
    }
  }

  /** How an application works. */
  record Pace(Duration idle, int parallel) {}

  /**
   * An application that was started, by this process or another.
   *
   * @param handle what it was last called by, as {@code start} told; empty if whoever starts it has
   *     not come to that, or died before
   * @param age since somebody began to start it
   */
  record Started(String name, Optional<String> handle, Duration age) {}

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
  void sweep(Settings.Cluster cluster, java.util.function.Supplier<Set<String>> live);

  @Override
  void close();
}
