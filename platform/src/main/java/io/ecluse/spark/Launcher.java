package io.ecluse.spark;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.Settings;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Starts applications by Spark's own submission, in processes that outlive this one. */
public final class Launcher {
  /** In what is added to the configuration: where the cluster has our jar from. */
  static final String APPLICATION = "ecluse.application";

  private static final String MAIN = RemoteApplications.Application.MAIN;

  /** What Spark's own scripts give to a JVM of 17 or later. */
  static final List<String> JVM =
      List.of(
          "-XX:+IgnoreUnrecognizedVMOptions",
          "--add-modules=jdk.incubator.vector",
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.base/java.lang.invoke=ALL-UNNAMED",
          "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
          "--add-opens=java.base/java.io=ALL-UNNAMED",
          "--add-opens=java.base/java.net=ALL-UNNAMED",
          "--add-opens=java.base/java.nio=ALL-UNNAMED",
          "--add-opens=java.base/java.util=ALL-UNNAMED",
          "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
          "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED",
          "--add-opens=java.base/jdk.internal.ref=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.cs=ALL-UNNAMED",
          "--add-opens=java.base/sun.security.action=ALL-UNNAMED",
          "--add-opens=java.base/sun.util.calendar=ALL-UNNAMED",
          "-Djdk.reflect.useDirectMethodHandle=false");

  private final SparkDistribution distribution;
  private final ApplicationJar application;
  private final Supplier<Store> store;

  /**
   * @param store where the tables are, now
   */
  Launcher(SparkDistribution distribution, ApplicationJar application, Supplier<Store> store) {
    this.distribution = distribution;
    this.application = application;
    this.store = store;
  }

  /**
   * Where applications read and write.
   *
   * @param location of the tables
   * @param variables by which a process of this machine gets in as the platform does; the values
   *     are secrets
   */
  public record Store(String location, Map<String, String> variables) {
    /** What Iceberg's runtime lacks for such a location, as beginnings of names of jars. */
    List<String> needs() {
      return location.startsWith("s3://") ? List.of(SparkVersions.FOR_S3) : List.of();
    }

    @Override
    public String toString() {
      return location;
    }
  }

  /**
   * An application that is to be started.
   *
   * @param name which it asks for work by
   * @param token its secret
   * @param door where it asks
   * @param folder its own: its log and its configuration
   */
  record Start(String name, String token, String door, Path folder) {
    /** What it prints. */
    Path log() {
      return folder.resolve(name + ".log");
    }
  }

  /** What an application is made of: Spark, and what goes beside it. */
  private record Parts(
      SparkDistribution.Found found, List<Path> beside, Path application, Store store) {
    Path spark() {
      return found.home();
    }
  }

  /** Where the tables are. */
  String store() {
    return store.get().location();
  }

  /** All jars that an application is given, wherever it runs. */
  List<Path> jars() {
    List<Path> jars = new ArrayList<>();
    jars.add(application.find());
    jars.add(distribution.find(List.of()).runtime());
    store.get().needs().forEach(name -> jars.add(distribution.beside(name)));
    return jars;
  }

  private Parts parts(ClusterType.Submission submission) {
    SparkDistribution.Found spark = distribution.find(submission.needs());
    Store now = store.get();
    List<Path> beside = new ArrayList<>(List.of(spark.runtime()));
    now.needs().forEach(name -> beside.add(distribution.beside(name)));
    return new Parts(spark, beside, application.find(), now);
  }

  /**
   * Starts one.
   *
   * @throws EcluseException SPARK_UNFIT, CLUSTER_UNREACHABLE
   */
  ProcessHandle start(Settings.Cluster cluster, ClusterType type, Start start) {
    ClusterType.Submission submission = type.submission(cluster);
    Parts parts = parts(submission);
    Map<String, String> more = type.bring(cluster, parts.spark(), parts.beside());
    return process(cluster, submission, start, parts, more).toHandle();
  }

  /**
   * One that is started elsewhere.
   *
   * @throws EcluseException SPARK_UNFIT, CLUSTER_UNREACHABLE
   */
  RemoteApplications.Application remote(Settings.Cluster cluster, ClusterType type, Start start) {
    ClusterType.Submission submission = type.submission(cluster);
    Parts parts = parts(submission);
    return new RemoteApplications.Application(
        start.name(),
        start.token(),
        start.door() + JobHandlers.PATH,
        new RemoteApplications.Jars(parts.application(), parts.beside().get(0)),
        submission.conf(),
        new RemoteApplications.Pace(ClusterKeys.idle(cluster), ClusterKeys.parallel(cluster)),
        new RemoteApplications.Here(
            start.log(),
            () -> type.bring(cluster, parts.spark(), parts.beside()),
            more -> process(cluster, submission, start, parts, more)));
  }

  private static Process process(
      Settings.Cluster cluster,
      ClusterType.Submission submission,
      Start start,
      Parts parts,
      Map<String, String> more) {
    try {
      Files.createDirectories(start.folder());
      Map<String, String> conf = new LinkedHashMap<>();
      conf.put("spark.app.name", "ecluse " + start.name());
      conf.putAll(submission.conf());
      more.forEach((key, value) -> conf.merge(key, value, (said, ours) -> both(key, said, ours)));
      boolean here = submission.driver() == ClusterType.Driver.HERE;
      String application =
          Optional.ofNullable(conf.remove(APPLICATION)).orElse(parts.application().toString());
      if (!here && !more.containsKey(KubeEntry.SECRET)) {
        conf.put("spark.ecluse.job.token", start.token());
      }
      Path properties = properties(conf, start);
      ProcessBuilder builder =
          new ProcessBuilder(
                  Stream.of(
                          java(submission, conf, parts),
                          submit(submission, properties, application),
                          arguments(cluster, start))
                      .flatMap(List::stream)
                      .toList())
              .directory(start.folder().toFile())
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
              .redirectOutput(start.log().toFile());
      Map<String, String> environment = builder.environment();
      environment.putAll(parts.store().variables());
      environment.putAll(submission.environment());
      environment.put("SPARK_HOME", parts.spark().toString());
      environment.put("SPARK_SCALA_VERSION", SparkVersions.SCALA);
      if (here) {
        environment.put("ECLUSE_JOB_TOKEN", start.token());
      }
      Process process = builder.start();
      process.onExit().thenRun(() -> properties.toFile().delete());
      return process;
    } catch (IOException e) {
      throw new EcluseException(
          ErrorCode.CLUSTER_REFUSED,
          "The application for cluster %s could not be started: %s"
              .formatted(cluster.name(), e.getMessage()),
          e);
    }
  }

  /** Files and class paths of the project are added to; of anything else what it says counts. */
  private static String both(String key, String said, String ours) {
    return switch (key) {
      case "spark.jars" -> said + "," + ours;
      case "spark.driver.extraClassPath", "spark.executor.extraClassPath" -> ours + ":" + said;
      default -> said;
    };
  }

  /** For the owner alone: a driver that is elsewhere reads its secret here. */
  private static Path properties(Map<String, String> conf, Start start) throws IOException {
    Path file = start.folder().resolve(start.name() + ".conf");
    PropertiesFile.write(file, conf);
    return file;
  }

  private static List<String> java(
      ClusterType.Submission submission, Map<String, String> conf, Parts parts) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    boolean here = submission.driver() == ClusterType.Driver.HERE;
    command.add("-Xmx" + (here ? conf.get("spark.driver.memory") : "512m"));
    command.addAll(JVM);
    if (here) { // as Spark's own scripts do it
      Stream.of(conf.getOrDefault("spark.driver.extraJavaOptions", "").split("\\s+"))
          .filter(word -> !word.isEmpty())
          .forEach(command::add);
    }
    List<String> paths =
        new ArrayList<>(parts.found().folders().stream().map(f -> f + "/*").toList());
    if (here) {
      Optional.ofNullable(conf.get("spark.driver.extraClassPath")).ifPresent(paths::add);
    }
    Map<String, String> variables = new LinkedHashMap<>(parts.store().variables());
    variables.putAll(submission.environment());
    Optional.ofNullable(variables.get("HADOOP_CONF_DIR")).ifPresent(paths::add);
    command.addAll(List.of("-cp", String.join(":", paths)));
    return command;
  }

  private static List<String> submit(
      ClusterType.Submission submission, Path properties, String application) {
    boolean here = submission.driver() == ClusterType.Driver.HERE;
    return List.of(
        "org.apache.spark.deploy.SparkSubmit",
        "--master",
        submission.master(),
        "--deploy-mode",
        here ? "client" : "cluster",
        "--properties-file",
        properties.toString(),
        "--class",
        MAIN,
        application);
  }

  private static List<String> arguments(Settings.Cluster cluster, Start start) {
    return List.of(
        "--door",
        start.door() + JobHandlers.PATH,
        "--session",
        start.name(),
        "--idle",
        String.valueOf(ClusterKeys.idle(cluster).toSeconds()),
        "--parallel",
        String.valueOf(ClusterKeys.parallel(cluster)));
  }
}
