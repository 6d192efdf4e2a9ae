package io.ecluse.spark;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * Builds the models of a {@link TransformPlan} on Spark and leaves each as Parquet. The models' SQL
 * is what DuckDB runs, to the letter; settings make Spark read it the same way.
 *
 * <p>As a program it takes the plan's file, runs where {@code spark.master} says (by default in
 * this process), prints a line per model, and exits with 0 (done), 1 (a model failed) or 2 (wrong
 * usage).
 */
public final class TransformApplication {
  /** What makes Spark's SQL the SQL of the models. */
  static final Map<String, String> DIALECT =
      Map.of(
          "spark.sql.ansi.enabled", "true",
          "spark.sql.ansi.doubleQuotedIdentifiers", "true",
          "spark.sql.timestampType", "TIMESTAMP_NTZ",
          "spark.sql.session.timeZone", "UTC",
          "spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS",
          // decimals that do not fit fail, and are not rounded
          "spark.sql.decimalOperations.allowPrecisionLoss", "false");

  private static final String CATALOG = "spark.sql.catalog.spark_catalog";
  private static final int MODEL_FAILED = 1;
  private static final int WRONG_USAGE = 2;

  private final SparkSession spark;
  private final Consumer<ModelResult> listener;

  /** A model that is built. */
  public record ModelResult(String name, long rows, double seconds) {}

  /**
   * @param spark stays open; its settings and temporary views are not touched
   * @param listener hears of each model that is built
   */
  public TransformApplication(SparkSession spark, Consumer<ModelResult> listener) {
    this.spark = spark;
    this.listener = listener;
  }

  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    if (arguments.length != 1) {
      System.err.println("usage: TransformApplication PLAN.json");
      System.exit(WRONG_USAGE);
    }
    System.exit(run(Path.of(arguments[0]), out));
  }

  private static int run(Path file, PrintStream out) {
    TransformPlan plan;
    try {
      plan = TransformPlan.read(file);
    } catch (TransformException e) {
      System.err.println("error: " + e.getMessage());
      return WRONG_USAGE;
    }
    SparkSession.Builder builder = SparkSession.builder().appName("ecluse");
    if (System.getProperty("spark.master") == null) {
      builder.master("local[*]");
    }
    SparkSession spark = builder.getOrCreate();
    try {
      new TransformApplication(
              spark,
              m ->
                  out.printf(Locale.ROOT, "%s\t%d rows\t%.2f s%n", m.name(), m.rows(), m.seconds()))
          .run(plan);
      return 0;
    } catch (TransformException e) {
      System.err.println("error: " + e.getMessage());
      return MODEL_FAILED;
    } finally {
      spark.stop();
    }
  }

  /**
   * Builds the models in the plan's order, replacing what an earlier run left of them.
   *
   * @throws TransformException with the model's name and Spark's message; models before it are
   *     built, those after it are not
   */
  public void run(TransformPlan plan) {
    SparkSession session = spark.newSession();
    settings(plan).forEach(session.conf()::set);
    plan.tables()
        .forEach(
            (name, input) -> {
              if (input instanceof TransformPlan.Input.Parquet parquet) {
                attempt("Table " + name, () -> register(session, name, parquet.location()));
              } else {
                attempt("Table " + name, () -> ensureSchema(session, name));
              }
            });
    for (TransformPlan.Model model : plan.models()) {
      String location = plan.output() + "/" + model.name();
      attempt("Model " + model.name(), () -> listener.accept(build(session, model, location)));
    }
  }

  private static Map<String, String> settings(TransformPlan plan) {
    Map<String, String> settings = new LinkedHashMap<>(DIALECT);
    // The session's own catalog, so that Iceberg and Parquet tables both have two-part names.
    settings.put(CATALOG, "org.apache.iceberg.spark.SparkSessionCatalog");
    settings.put(CATALOG + ".catalog-impl", MetadataFileCatalog.class.getName());
    settings.put(CATALOG + ".cache-enabled", "false");
    plan.tables()
        .forEach(
            (name, input) -> {
              if (input instanceof TransformPlan.Input.Iceberg iceberg) {
                settings.put(CATALOG + "." + MetadataFileCatalog.TABLES + name, iceberg.metadata());
              }
            });
    return settings;
  }

  private static ModelResult build(
      SparkSession session, TransformPlan.Model model, String location) {
    long begin = System.nanoTime();
    session.sql(model.sql()).write().mode(SaveMode.Overwrite).parquet(location);
    register(session, model.name(), location);
    long rows = session.table(model.name()).count();
    return new ModelResult(model.name(), rows, (System.nanoTime() - begin) / 1e9);
  }

  private static void register(SparkSession session, String name, String location) {
    ensureSchema(session, name);
    session.sql("DROP TABLE IF EXISTS " + name);
    session.sql(
        "CREATE TABLE %s USING parquet LOCATION '%s'"
            .formatted(name, location.replace("\\", "\\\\").replace("'", "\\'")));
  }

  private static void ensureSchema(SparkSession session, String name) {
    session.sql("CREATE SCHEMA IF NOT EXISTS " + name.substring(0, name.indexOf('.')));
  }

  @SuppressWarnings("CatchingUnchecked") // Spark throws checked exceptions that it does not declare
  private static void attempt(String what, Runnable work) {
    try {
      work.run();
    } catch (Exception e) {
      throw new TransformException("%s failed: %s".formatted(what, message(e)), e);
    }
  }

  /** What Spark says of the cause, not of the job and stage that it stopped. */
  private static String message(Throwable e) {
    Throwable telling = e;
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SparkThrowable spark && spark.getCondition() != null) {
        telling = cause;
      }
    }
    String message = telling.getMessage();
    return message == null ? telling.toString() : message.strip();
  }
}
