package io.ecluse.spark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A real standalone cluster of Spark on this machine: a master, and workers of one core each. */
public final class StandaloneServers implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 240;

  private final Path home;
  private final Path folder;
  private final Map<String, String> variables;
  private final int port;
  private final List<Process> workers = new ArrayList<>();
  private final Process master;

  /**
   * @param folder for what they write
   */
  public StandaloneServers(Path folder, int workers) throws IOException, InterruptedException {
    this(folder, workers, System.getenv());
  }

  /**
   * @param variables of its machines, by which Spark is found, too
   */
  public StandaloneServers(Path folder, int workers, Map<String, String> variables)
      throws IOException, InterruptedException {
    this.variables = Map.copyOf(variables);
    this.home = new SparkDistribution(variables).find(List.of()).home();
    this.folder = Files.createDirectories(folder);
    this.port = freePort();
    this.master =
        start(
            Map.of(),
            "master",
            "org.apache.spark.deploy.master.Master",
            "--host",
            "127.0.0.1",
            "--port",
            String.valueOf(port),
            "--webui-port",
            "0");
    awaitMaster();
    for (int i = 0; i < workers; i++) {
      addWorker();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitMaster() throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() - until < 0) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress("127.0.0.1", port), 1_000);
        return;
      } catch (IOException e) {
        Thread.sleep(200);
      }
    }
    master.destroyForcibly();
    throw new AssertionError("The master did not start; see " + folder);
  }

  /** Starts one more. */
  public void addWorker() throws IOException {
    addWorker(Map.of());
  }

  /**
   * Starts one more.
   *
   * @param others of its machine's variables, unlike those of the others
   */
  public void addWorker(Map<String, String> others) throws IOException {
    int number = workers.size();
    workers.add(
        start(
            others,
            "worker" + number,
            "org.apache.spark.deploy.worker.Worker",
            "--host",
            "127.0.0.1",
            "--webui-port",
            "0",
            "-c",
            "1",
            "-m",
            "1g",
            "-d",
            folder.resolve("work" + number).toString(),
            url()));
  }

  private Process start(Map<String, String> others, String name, String main, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.addAll(Launcher.JVM);
    command.addAll(List.of("-cp", home.resolve("jars") + "/*", main));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile());
    builder.environment().putAll(variables);
    builder.environment().putAll(others);
    builder
        .environment()
        .putAll(
            Map.of(
                "SPARK_HOME",
                home.toString(),
                "SPARK_SCALA_VERSION",
                SparkVersions.SCALA,
                "SPARK_LOCAL_IP",
                "127.0.0.1"));
    return builder.start();
  }

  /** Of the master. */
  public String url() {
    return "spark://127.0.0.1:" + port;
  }

  /** SIGKILL to the first worker that is alive, not to its executors. */
  public void killWorker() {
    workers.stream().filter(Process::isAlive).findFirst().orElseThrow().destroyForcibly();
  }

  /** SIGKILL to all workers and their executors. */
  public void killWorkers() {
    for (Process worker : workers) {
      List<ProcessHandle> executors = worker.descendants().toList();
      worker.destroyForcibly();
      executors.forEach(ProcessHandle::destroyForcibly);
    }
  }

  /** SIGKILL to an executor; false if there is none. */
  public boolean killExecutor() {
    return executor().map(ProcessHandle::destroyForcibly).orElse(false);
  }

  /** An executor, if there is one. */
  public Optional<ProcessHandle> executor() {
    return workers.stream()
        .flatMap(Process::descendants)
        .filter(ProcessHandle::isAlive)
        .findFirst();
  }

  @Override
  public void close() {
    killWorkers();
    master.destroyForcibly();
  }
}
