package io.ecluse.spark;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.Settings;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Starts applications by Spark's own submission, in processes that outlive this one. */
final class Launcher {
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

  Launcher(SparkDistribution distribution, ApplicationJar application) {
    this.distribution = distribution;
    this.application = application;
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

  /**
   * Starts one.
   *
   * @throws EcluseException SPARK_UNFIT, CLUSTER_UNREACHABLE
   */
  ProcessHandle start(Settings.Cluster cluster, ClusterType.Submission submission, Start start) {
    SparkDistribution.Found spark = distribution.find(submission.needs());
    Path jar = application.find();
    try {
      Files.createDirectories(start.folder());
      Path properties = properties(submission, start);
      ProcessBuilder builder =
          new ProcessBuilder(command(cluster, submission, start, spark, jar, properties))
              .directory(start.folder().toFile())
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
              .redirectOutput(start.log().toFile());
      Map<String, String> environment = builder.environment();
      environment.putAll(submission.environment());
      environment.put("SPARK_HOME", spark.home().toString());
      environment.put("SPARK_SCALA_VERSION", SparkVersions.SCALA);
      environment.put("ECLUSE_JOB_TOKEN", start.token());
      return builder.start().toHandle();
    } catch (IOException e) {
      throw new EcluseException(
          ErrorCode.CLUSTER_REFUSED,
          "The application for cluster %s could not be started: %s"
              .formatted(cluster.name(), e.getMessage()),
          e);
    }
  }

  /**
   * One that is started elsewhere.
   *
   * @throws EcluseException SPARK_UNFIT, CLUSTER_UNREACHABLE
   */
  RemoteApplications.Application remote(
      Settings.Cluster cluster, ClusterType.Submission submission, Start start) {
    SparkDistribution.Found spark = distribution.find(submission.needs());
    return new RemoteApplications.Application(
        start.name(),
        start.token(),
        start.door() + JobHandlers.PATH,
        new RemoteApplications.Files(
            application.find(), spark.runtime(), spark.folders(), start.log()),
        submission.conf(),
        new RemoteApplications.Pace(ClusterKeys.idle(cluster), ClusterKeys.parallel(cluster)));
  }

  /** For the owner alone: a driver that is elsewhere reads its secret here. */
  private static Path properties(ClusterType.Submission submission, Start start)
      throws IOException {
    Map<String, String> conf = new LinkedHashMap<>();
    conf.put("spark.app.name", "ecluse " + start.name());
    conf.putAll(submission.conf());
    if (submission.driver() == ClusterType.Driver.ON_THE_CLUSTER) {
      conf.put("spark.ecluse.job.token", start.token());
    }
    return properties(start.folder().resolve(start.name() + ".conf"), conf);
  }

  private static Path properties(Path file, Map<String, String> conf) throws IOException {
    return ofOwner(
        file,
        conf.entrySet().stream()
            .map(e -> e.getKey() + " " + e.getValue().replace("\\", "\\\\") + "\n")
            .collect(Collectors.joining()));
  }

  /** Writes a file that nobody else may read. */
  static Path ofOwner(Path file, String text) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, text);
  }

  /**
   * Submits by Spark's own command, whose driver is on the cluster, and waits for the command.
   *
   * @param folders with Spark's jars
   * @param arguments after its configuration
   * @return its exit status; what it says is in the log
   */
  static int submit(List<Path> folders, Path log, Map<String, String> conf, List<String> arguments)
      throws IOException, InterruptedException {
    Files.createDirectories(log.toAbsolutePath().getParent());
    Path file = log.resolveSibling(log.getFileName() + ".conf");
    try {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.add("-Xmx512m");
      command.addAll(JVM);
      command.addAll(
          List.of("-cp", folders.stream().map(f -> f + "/*").collect(Collectors.joining(":"))));
      command.add("org.apache.spark.deploy.SparkSubmit");
      command.addAll(List.of("--properties-file", properties(file, conf).toString()));
      command.addAll(arguments);
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
              .redirectOutput(log.toFile());
      builder.environment().put("SPARK_SCALA_VERSION", SparkVersions.SCALA);
      return builder.start().waitFor();
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static List<String> command(
      Settings.Cluster cluster,
      ClusterType.Submission submission,
      Start start,
      SparkDistribution.Found spark,
      Path jar,
      Path properties) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    boolean here = submission.driver() == ClusterType.Driver.HERE;
    command.add("-Xmx" + (here ? submission.conf().get("spark.driver.memory") : "512m"));
    command.addAll(JVM);
    List<String> paths = new ArrayList<>(List.of(spark.home().resolve("jars") + "/*"));
    submission.environment().values().forEach(paths::add); // where Hadoop's configuration is
    command.addAll(List.of("-cp", String.join(":", paths)));
    command.add("org.apache.spark.deploy.SparkSubmit");
    command.addAll(List.of("--master", submission.master()));
    command.addAll(List.of("--deploy-mode", here ? "client" : "cluster"));
    command.addAll(List.of("--properties-file", properties.toString()));
    command.addAll(List.of("--class", MAIN));
    command.addAll(List.of("--jars", spark.runtime().toString()));
    command.add(jar.toString());
    command.addAll(List.of("--door", start.door() + JobHandlers.PATH, "--session", start.name()));
    command.addAll(List.of("--idle", String.valueOf(ClusterKeys.idle(cluster).toSeconds())));
    command.addAll(List.of("--parallel", String.valueOf(ClusterKeys.parallel(cluster))));
    return command;
  }
}
