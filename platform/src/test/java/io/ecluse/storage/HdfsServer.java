package io.ecluse.storage;

import io.ecluse.TemporaryFolders;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.hdfs.DistributedFileSystem;

/** A real HDFS, one namenode and one datanode (Hadoop's mini-cluster), a process of its own. */
public final class HdfsServer implements AutoCloseable {
  private static final Path JARS = Path.of("target", "servers", "hdfs").toAbsolutePath();
  private static final List<String> OURS =
      List.of("hadoop-client-api", "hadoop-client-runtime", "slf4j-api", "commons-logging");
  private static final Pattern PORT = Pattern.compile("\"namenode_port\" *: *([0-9]+)");
  private static Optional<HdfsServer> shared = Optional.empty();

  private final Path folder;
  private final Process process;
  private final int port;

  private HdfsServer(Path folder) throws IOException {
    this.folder = folder;
    Path details = folder.resolve("details.json");
    Path log = folder.resolve("log");
    String classPath =
        Stream.concat(
                Stream.of(JARS + "/*"),
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                    .filter(
                        j ->
                            OURS.stream()
                                .anyMatch(o -> Path.of(j).getFileName().toString().startsWith(o))))
            .collect(Collectors.joining(File.pathSeparator));
    this.process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-Xmx256m",
                "-cp",
                classPath,
                "org.apache.hadoop.test.MiniDFSClusterManager",
                "-nnport",
                "0",
                "-httpport",
                "0",
                "-datanodes",
                "1",
                "-format",
                "-writeConfig",
                folder.resolve("hdfs-site.xml").toString(),
                "-writeDetails",
                details.toString(),
                "-D",
                "hdfs.minidfs.basedir=" + folder.resolve("data"),
                "-D",
                "dfs.permissions.superusergroup=nobody-is-in-it")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    this.port = port(details, log);
  }

  private int port(Path details, Path log) throws IOException {
    while (true) {
      Matcher found = PORT.matcher(Files.exists(details) ? Files.readString(details) : "");
      if (found.find()) {
        return Integer.parseInt(found.group(1));
      }
      if (!process.isAlive()) {
        throw new IOException("The server ended: " + Files.readString(log));
      }
      S3Server.pause();
    }
  }

  /** One for all tests of a JVM. */
  public static synchronized HdfsServer shared() {
    if (shared.isEmpty()) {
      try {
        shared = Optional.of(new HdfsServer(TemporaryFolders.create("ecluse-hdfs-")));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      Runtime.getRuntime().addShutdownHook(new Thread(shared.get()::close));
    }
    return shared.get();
  }

  public int port() {
    return port;
  }

  /** A new, empty folder. */
  public String newLocation() {
    return "hdfs://127.0.0.1:" + port + "/tests/" + UUID.randomUUID();
  }

  /** Whether a file below a location is not whole yet, or never became so. */
  public boolean isWriting(String location) {
    try (DistributedFileSystem hdfs =
        HdfsClients.open(URI.create("hdfs://127.0.0.1:" + port), StorageSettings.Hdfs.USUAL)) {
      RemoteIterator<LocatedFileStatus> files =
          hdfs.listFiles(new org.apache.hadoop.fs.Path(location), true);
      while (files.hasNext()) {
        if (files.next().getPath().getName().endsWith(".draft")) {
          return true;
        }
      }
      return false;
    } catch (FileNotFoundException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder with {@code hdfs-site.xml}. */
  Path config() {
    return folder;
  }

  /** Files of the datanode that hold blocks. */
  List<Path> blocks() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
      return files.filter(f -> f.getFileName().toString().matches("blk_[0-9]+")).toList();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    TemporaryFolders.delete(folder);
  }
}
