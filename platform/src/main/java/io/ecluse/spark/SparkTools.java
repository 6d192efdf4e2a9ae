package io.ecluse.spark;

import io.ecluse.error.ErrorCode;
import io.ecluse.project.Settings;
import io.ecluse.serve.Answer;
import io.ecluse.serve.Ask;
import io.ecluse.serve.IcebergDoor;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The tools that Spark brings for people, on a cluster of the project and joined to the platform's
 * catalog: which is their default, under the name {@code ecluse}. Safe for use by several threads.
 */
public final class SparkTools {
  private static final String KEY = "spark.sql.catalog.ecluse";
  private static final List<String> SETTINGS =
      List.of("dialect.properties", "application.properties");

  private final SparkEngines.Setup setup;
  private final Map<String, String> variables;
  private final Function<Ask, Answer> catalogs;

  /** A tool, by the word that people type. */
  public enum Tool {
    SPARK_SHELL(ToolHome.Need.WHOLE, "spark-repl_"),
    PYSPARK(ToolHome.Need.WHOLE),
    SPARK_SUBMIT(ToolHome.Need.JARS);

    private final ToolHome.Need need;
    private final List<String> jars;

    Tool(ToolHome.Need need, String... jars) {
      this.need = need;
      this.jars = List.of(jars);
    }

    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * What is wanted.
   *
   * @param cluster its name, else the usual one
   * @param run whose catalog it is to have, else what is published
   * @param arguments of the tool itself
   */
  public record Wish(
      Tool tool, Optional<String> cluster, Optional<String> run, List<String> arguments) {
    public Wish {
      arguments = List.copyOf(arguments);
    }
  }

  /**
   * How it comes in.
   *
   * @param token which the catalog lets in
   * @param server one that answers for the catalog on this machine, if one does
   */
  public record Way(String token, Optional<URI> server) {}

  /**
   * A tool that is ready to be started; closing this takes the catalog away.
   *
   * @param process not started yet
   * @param end what closing does
   */
  public record Joined(ProcessBuilder process, Runnable end) implements AutoCloseable {
    @Override
    public void close() {
      end.run();
    }
  }

  /**
   * @param variables environment variables
   * @param catalogs what answers for the catalogs
   */
  public SparkTools(
      SparkEngines.Setup setup, Map<String, String> variables, Function<Ask, Answer> catalogs) {
    this.setup = setup;
    this.variables = Map.copyOf(variables);
    this.catalogs = catalogs;
  }

  /**
   * Makes a tool ready, whose token is in a file for this user alone as long as it is open.
   *
   * @throws io.ecluse.error.EcluseException SPARK_UNFIT, CLUSTER_UNREACHABLE, INVALID_PROJECT for a
   *     cluster that cannot be joined, INVALID_USAGE for arguments that cannot be
   */
  public Joined join(Wish wish, Way way) {
    Settings.Cluster cluster = new Clusters(setup.settings()).meant(wish.cluster());
    ClusterType type = Optional.ofNullable(setup.types().get(cluster.type())).orElseThrow();
    if (!type.takesTools()) {
      throw ErrorCode.INVALID_PROJECT.error(
          "Cluster %s is of kind %s, whose applications a service starts: %s cannot be joined to it from here; choose another by --cluster"
              .formatted(cluster.name(), cluster.type(), wish.tool().word()));
    }
    type.reach(cluster);
    ClusterType.Submission submission = type.submission(cluster);
    ToolArguments typed = new ToolArguments(wish.arguments());
    List<String> jars = new ArrayList<>(submission.needs());
    jars.addAll(wish.tool().jars);
    SparkDistribution.Found spark =
        new ToolHome(variables).find(wish.tool().word(), need(wish.tool(), typed), jars);
    Path application = new ApplicationJar(variables).find();
    List<Path> ours = new ArrayList<>(List.of(spark.runtime(), application));
    Launcher.Store store = setup.store().get();
    store.needs().forEach(n -> ours.add(new SparkDistribution(variables).beside(n)));
    Map<String, String> environment = new LinkedHashMap<>(store.variables());
    environment.putAll(submission.environment());
    boolean far =
        wish.tool() == Tool.SPARK_SUBMIT
            && submission.driver() == ClusterType.Driver.ON_THE_CLUSTER;
    Map<String, String> conf = new LinkedHashMap<>();
    typed.value("--properties-file").ifPresent(file -> conf.putAll(own(Path.of(file))));
    conf.putAll(settings(application));
    conf.putAll(submission.conf());
    conf.put("spark.master", submission.master());
    conf.put("spark.submit.deployMode", far ? "cluster" : "client");
    conf.put("spark.jars", joined(ours, ","));
    conf.put("spark.driver.extraClassPath", joined(far ? List.of() : ours, ":"));
    ToolArguments arguments =
        typed
            .without("--properties-file")
            .with("--jars", "," + joined(ours, ","))
            .with("--driver-class-path", ":" + joined(ours, ":"));
    return joined(
        new Plan(wish, spark.home(), conf, environment, arguments),
        way,
        far ? Optional.empty() : way.server(),
        cluster.content().text("address", "127.0.0.1"));
  }

  /** What is to be started. */
  private record Plan(
      Wish wish,
      Path home,
      Map<String, String> conf,
      Map<String, String> environment,
      ToolArguments arguments) {}

  private static ToolHome.Need need(Tool tool, ToolArguments typed) {
    boolean python = typed.program().filter(p -> p.endsWith(".py")).isPresent();
    return python ? ToolHome.Need.WHOLE : tool.need;
  }

  private Joined joined(Plan plan, Way way, Optional<URI> server, String address) {
    Optional<CatalogDoor> door =
        server.isPresent()
            ? Optional.empty()
            : Optional.of(CatalogDoor.open(address, way.token(), catalogs));
    String base = server.or(() -> door.map(CatalogDoor::url)).orElseThrow().toString();
    Map<String, String> conf = plan.conf();
    conf.put(KEY, "org.apache.iceberg.spark.SparkCatalog");
    conf.put(KEY + ".type", "rest");
    conf.put(
        KEY + ".uri",
        base.replaceFirst("/+$", "")
            + IcebergDoor.ROOT
            + plan.wish().run().map(run -> "/runs/" + run).orElse(""));
    conf.put(KEY + ".token", way.token());
    conf.put(KEY + ".token-refresh-enabled", "false");
    conf.put(KEY + ".cache-enabled", "false");
    conf.put("spark.sql.defaultCatalog", "ecluse");
    Path file = setup.folder().resolve(new Tokens().name("tool") + ".conf");
    Runnable end =
        () -> {
          door.ifPresent(CatalogDoor::close);
          delete(file);
        };
    try {
      Files.createDirectories(setup.folder());
      PropertiesFile.write(file, conf);
      return new Joined(process(plan, file), end);
    } catch (IOException e) {
      end.run();
      throw ErrorCode.DISK_FULL.error(
          "%s cannot be made ready: %s".formatted(plan.wish().tool().word(), e.getMessage()), e);
    } catch (RuntimeException e) {
      end.run();
      throw e;
    }
  }

  private ProcessBuilder process(Plan plan, Path file) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("--properties-file", file.toString(), "--load-spark-defaults"));
    arguments.addAll(plan.arguments().words());
    String word = plan.wish().tool().word();
    Map<String, String> environment = new LinkedHashMap<>(plan.environment());
    environment.put("SPARK_HOME", plan.home().toString());
    environment.put("SPARK_SCALA_VERSION", SparkVersions.SCALA);
    Optional<Path> script = ToolHome.script(plan.home(), word);
    List<String> command = new ArrayList<>();
    if (script.isPresent()) {
      command.add(script.get().toString());
      command.addAll(arguments);
    } else {
      command.addAll(SubmitCommand.of(plan.home(), environment, arguments));
    }
    ProcessBuilder process = new ProcessBuilder(command);
    process.environment().putAll(environment);
    return process;
  }

  private static String joined(List<Path> files, String separator) {
    return String.join(separator, files.stream().map(Path::toString).toList());
  }

  private static Map<String, String> own(Path file) {
    try {
      return PropertiesFile.read(Files.newBufferedReader(file));
    } catch (IOException e) {
      throw ErrorCode.INVALID_USAGE.error(
          "--properties-file %s cannot be read: %s".formatted(file, e.getClass().getSimpleName()),
          e);
    }
  }

  /** Those by which Spark's SQL is that of the models, as our application has them. */
  private static Map<String, String> settings(Path application) {
    Map<String, String> settings = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(application.toFile())) {
      for (String file : SETTINGS) {
        ZipEntry entry = zip.getEntry("io/ecluse/spark/" + file);
        if (entry == null) {
          throw ErrorCode.SPARK_UNFIT.error(
              "%s is of another version: it has no %s; build it anew with ./mvnw -pl spark -DskipTests package"
                  .formatted(application, file));
        }
        settings.putAll(
            PropertiesFile.read(
                new InputStreamReader(zip.getInputStream(entry), StandardCharsets.UTF_8)));
      }
      return settings;
    } catch (IOException e) {
      throw ErrorCode.SPARK_UNFIT.error("%s cannot be read".formatted(application), e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      file.toFile().deleteOnExit();
    }
  }
}
