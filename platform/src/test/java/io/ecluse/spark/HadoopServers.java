package io.ecluse.spark;

import io.ecluse.TemporaryFolders;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real YARN with a real HDFS on this machine, in a process of its own that ends with this one;
 * its containers are processes, too.
 */
public final class HadoopServers implements AutoCloseable {
  private static final Path SERVERS = Path.of("target", "servers").toAbsolutePath();
  private static final Path PROGRAM = Path.of("src", "test", "hadoop", "HadoopCluster.java");
  private static final List<String> OURS =
      List.of("hadoop-client-api", "hadoop-client-runtime", "slf4j-api", "commons-logging");
  private static final long PATIENCE_SECONDS = 300;

  private final Path folder;
  private final Process process;

  /**
   * @param spark a distribution of Spark, which has what Hadoop's servers log with
   * @param megabytes for all containers together
   */
  public HadoopServers(Path spark, int megabytes) throws IOException, InterruptedException {
    this.folder = TemporaryFolders.create("ecluse-yarn-");
    this.process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-Xmx384m",
                "-Dtest.build.data=" + folder.resolve("build"),
                "-cp",
                classPath(spark),
                PROGRAM.toAbsolutePath().toString(),
                folder.toString(),
                String.valueOf(megabytes))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!Files.isRegularFile(conf().resolve("yarn-site.xml"))) {
      if (!process.isAlive() || System.nanoTime() - until > 0) {
        String log = Files.readString(folder.resolve("log"));
        close();
        throw new AssertionError("Hadoop did not start: " + log);
      }
      Thread.sleep(100);
    }
  }

  private static String classPath(Path spark) throws IOException {
    try (Stream<Path> jars = Files.list(spark.resolve("jars"))) {
      List<String> logging =
          jars.map(Path::toString)
              .filter(j -> j.matches(".*/log4j-(api|core|1[.]2-api)-[^/]*[.]jar"))
              .toList();
      return Stream.of(
              Stream.of(SERVERS.resolve("hdfs") + "/*", SERVERS.resolve("yarn") + "/*"),
              logging.stream(),
              Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                  .filter(
                      j ->
                          OURS.stream()
                              .anyMatch(o -> Path.of(j).getFileName().toString().startsWith(o))))
          .flatMap(each -> each)
          .collect(Collectors.joining(File.pathSeparator));
    }
  }

  /** What {@code HADOOP_CONF_DIR} names. */
  public Path conf() {
    return folder.resolve("conf");
  }

  /** A folder of the HDFS that is not there yet. */
  public String newLocation() throws IOException {
    String text = Files.readString(conf().resolve("core-site.xml"));
    int begin = text.indexOf("hdfs://");
    return text.substring(begin, text.indexOf('<', begin)) + "/tables/" + System.nanoTime();
  }

  /** The JVMs of containers whose class has this name. */
  private Stream<ProcessHandle> containers(String main) {
    return process
        .descendants()
        .filter(p -> p.info().command().filter(c -> c.endsWith("java")).isPresent())
        .filter(p -> p.info().commandLine().filter(c -> c.contains(main)).isPresent());
  }

  /** The driver, if there is one. */
  public Optional<ProcessHandle> driver() {
    return containers("org.apache.spark.deploy.yarn.ApplicationMaster").findFirst();
  }

  /** An executor, if there is one. */
  public Optional<ProcessHandle> executor() {
    return containers("YarnCoarseGrainedExecutorBackend").findFirst();
  }

  /** What containers and processes of this user are started with: no secret is there. */
  public List<String> commandLines() {
    return process.descendants().flatMap(p -> p.info().commandLine().stream()).toList();
  }

  /** Files below the folder of the servers that hold some text. */
  public List<Path> filesWith(String text) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(f -> f.toString().matches(".*([.]sh|[.]log|stderr|stdout|log)"))
          .filter(Files::isRegularFile)
          .filter(f -> holds(f, text))
          .toList();
    }
  }

  private static boolean holds(Path file, String text) {
    try {
      return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1).contains(text);
    } catch (IOException e) {
      return false; // gone meanwhile
    }
  }

  @Override
  public void close() {
    List<ProcessHandle> all = process.descendants().toList();
    process.destroyForcibly();
    all.forEach(ProcessHandle::destroyForcibly);
    TemporaryFolders.delete(folder);
  }
}
