package io.ecluse.emr;

import io.ecluse.TemporaryFolders;
import io.ecluse.storage.Storage;
import io.ecluse.storage.StorageSettings;
import io.ecluse.storage.Storages;
import io.ecluse.storage.StoredFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * What {@code command-runner.jar} of the emulated service can do: {@code spark-submit} is a real
 * process of this machine, with the files that YARN would bring to the driver and the environment
 * that it would give; {@code s3-dist-cp} copies.
 */
final class StepPrograms {
  /**
   * How a program ended.
   *
   * @param driver what the driver wrote, which YARN keeps apart
   */
  record Ended(int exit, String out, String err, Optional<String> driver) {
    static Ended failed(String err) {
      return new Ended(1, "", err, Optional.empty());
    }
  }

  private static final Pattern VARIABLE =
      Pattern.compile("spark\\.(yarn\\.appMasterEnv|emr-serverless\\.driverEnv)\\.(\\w+)=(.*)");
  private static final Pattern REMOTE = Pattern.compile("(s3|hdfs)://.*");

  private final StorageSettings stores;
  private final UnaryOperator<List<String>> sparkSubmit;

  /**
   * @param sparkSubmit from the arguments after spark-submit to a command of this machine
   */
  StepPrograms(StorageSettings stores, UnaryOperator<List<String>> sparkSubmit) {
    this.stores = stores;
    this.sparkSubmit = sparkSubmit;
  }

  Ended run(String cluster, String jar, List<String> arguments) {
    if (!jar.equals("command-runner.jar") || arguments.isEmpty()) {
      return Ended.failed("Exception in thread \"main\" java.lang.ClassNotFoundException: " + jar);
    }
    List<String> rest = arguments.subList(1, arguments.size());
    Path folder = TemporaryFolders.create("ecluse-emr-step-");
    try {
      return switch (arguments.get(0)) {
        case "spark-submit" -> submit(folder, rest);
        case "s3-dist-cp" -> copy(folder, rest);
        default ->
            Ended.failed(
                "Cannot run program \"%s\": error=2, No such file or directory"
                    .formatted(arguments.get(0)));
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      return Ended.failed(String.valueOf(e));
    } finally {
      TemporaryFolders.delete(folder);
    }
  }

  private Ended submit(Path folder, List<String> arguments) throws IOException {
    Map<String, String> environment = new LinkedHashMap<>();
    List<String> local = new ArrayList<>();
    String option = "";
    for (String argument : arguments) {
      if (option.equals("--files")) {
        bring(folder, argument);
      }
      Matcher variable = VARIABLE.matcher(argument);
      if (option.equals("--conf") && variable.matches()) {
        String value = variable.group(3);
        environment.put(
            variable.group(2),
            REMOTE.matcher(value).matches() ? bring(folder, value).toString() : value);
      }
      local.add(
          REMOTE.matcher(argument).matches() && !option.equals("--files")
              ? bring(folder, argument).toString()
              : argument);
      option = argument;
    }
    Path output = folder.resolve("driver.log");
    ProcessBuilder builder =
        new ProcessBuilder(sparkSubmit.apply(local))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      int exit = process.waitFor();
      String driver = Files.readString(output);
      return new Ended(exit, "", client(exit), Optional.of(driver));
    } catch (InterruptedException e) {
      process.destroyForcibly().onExit().join();
      Thread.currentThread().interrupt();
      return Ended.failed("Killed");
    }
  }

  /** What YARN's client says of an application, wherever the driver is. */
  private static String client(int exit) {
    String application = "application_1700000000000_0001";
    String end = exit == 0 ? "SUCCEEDED" : "FAILED";
    return """
        26/01/01 00:00:00 INFO Client: Submitting application %1$s to ResourceManager
        26/01/01 00:00:01 INFO Client: Application report for %1$s (state: RUNNING)
        26/01/01 00:00:02 INFO Client: Application report for %1$s (state: FINISHED)
        \t final status: %2$s
        """
            .formatted(application, end)
        + (exit == 0
            ? ""
            : "Exception in thread \"main\" org.apache.spark.SparkException: Application %s finished with failed status\n"
                .formatted(application));
  }

  /** Brings a file here, by the name after # if one is said. */
  private Path bring(Path folder, String uri) {
    int hash = uri.indexOf('#');
    String source = hash < 0 ? uri : uri.substring(0, hash);
    String name = source.substring(source.lastIndexOf('/') + 1);
    Path file = folder.resolve(hash < 0 ? name : uri.substring(hash + 1));
    try (Storage storage = open(source.substring(0, source.lastIndexOf('/')))) {
      if (!Files.exists(file) && !storage.download(name, file)) {
        throw new IllegalStateException(
            "java.io.FileNotFoundException: No such file or directory: " + source);
      }
    }
    return file;
  }

  private Storage open(String location) {
    return Storages.open(location, () -> stores);
  }

  private Ended copy(Path folder, List<String> arguments) {
    Map<String, String> said = new LinkedHashMap<>();
    for (String argument : arguments) {
      String[] pair = argument.split("=", 2);
      said.put(pair[0], pair.length == 2 ? pair[1] : "");
    }
    Pattern wanted = Pattern.compile(said.getOrDefault("--srcPattern", ".*"));
    int copied = 0;
    try (Storage from = open(said.getOrDefault("--src", ""));
        Storage to = open(said.getOrDefault("--dest", ""))) {
      for (StoredFile file : from.files("")) {
        if (wanted.matcher(said.get("--src") + "/" + file.name()).matches()) {
          Path here = folder.resolve(UUID.randomUUID().toString());
          from.download(file.name(), here);
          to.upload(here, file.name());
          copied++;
        }
      }
    }
    return copied == 0
        ? Ended.failed(
            "java.lang.RuntimeException: Reducer task failed to copy 0 files: nothing matched")
        : new Ended(0, "", "INFO S3DistCp: copied " + copied + " files", Optional.empty());
  }

  /** Puts the logs of a step where the service would. */
  void store(String folder, String step, Ended ended) {
    try (Storage storage = open(folder)) {
      storage.write("steps/" + step + "/stderr.gz", zipped(ended.err()));
      storage.write("steps/" + step + "/stdout.gz", zipped(ended.out()));
      storage.write(
          "steps/" + step + "/controller.gz",
          zipped("INFO waitProcessCompletion ended with exit code " + ended.exit()));
      ended
          .driver()
          .ifPresent(
              text ->
                  storage.write(
                      "containers/application_1700000000000_0001/container_1700000000000_0001_01_000001/stderr.gz",
                      zipped(text)));
    }
  }

  static byte[] zipped(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
