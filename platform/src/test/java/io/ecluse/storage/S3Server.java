package io.ecluse.storage;

import io.ecluse.TemporaryFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A real store that speaks S3 (S3Proxy), a process of its own on files of its own. It checks
 * signatures and MD5 sums as Amazon's does.
 */
public final class S3Server implements AutoCloseable {
  public static final String KEY = "AKIATEST";
  public static final String SECRET = "not-so-secret";

  private static final Path JARS = Path.of("target", "servers", "s3").toAbsolutePath();
  private static final String LOGGING =
      "<configuration><appender name='OUT' class='ch.qos.logback.core.ConsoleAppender'><encoder><pattern>%m%n</pattern></encoder></appender><root level='WARN'><appender-ref ref='OUT'/></root></configuration>";
  private static Optional<S3Server> shared = Optional.empty();

  private final Path folder;
  private final int port;
  private volatile Process process;

  private S3Server(Path folder, int port) throws IOException {
    this.folder = folder;
    this.port = port;
    this.process = launch();
  }

  /** One for all tests of a JVM. */
  public static synchronized S3Server shared() {
    if (shared.isEmpty()) {
      shared = Optional.of(start());
      Runtime.getRuntime().addShutdownHook(new Thread(shared.get()::close));
    }
    return shared.get();
  }

  public static S3Server start() {
    try {
      return new S3Server(TemporaryFolders.create("ecluse-s3-"), freePort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Process launch() throws IOException {
    Path data = Files.createDirectories(folder.resolve("data"));
    Path properties =
        Files.write(
            folder.resolve("s3.properties"),
            List.of(
                "s3proxy.authorization=aws-v2-or-v4",
                "s3proxy.endpoint=http://127.0.0.1:" + port,
                "s3proxy.identity=" + KEY,
                "s3proxy.credential=" + SECRET,
                "s3proxy.ignore-unknown-headers=true",
                "jclouds.provider=filesystem",
                "jclouds.identity=unused",
                "jclouds.credential=unused",
                "jclouds.filesystem.basedir=" + data));
    Path log = Files.writeString(folder.resolve("logback.xml"), LOGGING);
    Process started =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-Xmx192m",
                "-Dlogback.configurationFile=" + log,
                "-cp",
                JARS + "/*",
                "org.gaul.s3proxy.Main",
                "--properties",
                properties.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    awaitPort(started, port, folder.resolve("log"));
    return started;
  }

  /** Waits until something accepts connections. */
  static void awaitPort(Process process, int port, Path log) throws IOException {
    while (true) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        if (!process.isAlive()) {
          throw new IOException("The server ended: " + Files.readString(log), e);
        }
        pause();
      }
    }
  }

  static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The name of a new, empty bucket. */
  public String newBucket() {
    String bucket = "b" + UUID.randomUUID();
    try (S3Client client = S3Clients.open(settings().s3())) {
      client.createBucket(r -> r.bucket(bucket));
    }
    return bucket;
  }

  /** How many uploads to a bucket have begun and not ended. */
  public int unfinished(String bucket) {
    try (S3Client client = S3Clients.open(settings().s3())) {
      return client.listMultipartUploads(r -> r.bucket(bucket)).uploads().size();
    }
  }

  /** The folder that holds the objects of a bucket. */
  Path folder(String bucket) {
    return folder.resolve("data").resolve(bucket);
  }

  public int port() {
    return port;
  }

  public String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  /** How to reach it. */
  public StorageSettings settings() {
    return settings(endpoint(), KEY, SECRET);
  }

  /** How it is reached by way of another port. */
  public StorageSettings settings(int door) {
    return settings("http://127.0.0.1:" + door, KEY, SECRET);
  }

  static StorageSettings settings(String endpoint, String key, String secret) {
    return new StorageSettings(
        new StorageSettings.S3(
            Optional.of(endpoint),
            Optional.empty(),
            Optional.empty(),
            Optional.of(new StorageSettings.Keys(key, secret)),
            "s3"),
        StorageSettings.Hdfs.USUAL);
  }

  /** As {@code kill -9}. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Starts again what was killed, with what it had. */
  void startAgain() {
    try {
      process = launch();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    TemporaryFolders.delete(folder);
  }
}
