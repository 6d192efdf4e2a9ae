package io.ecluse.spark;

import java.io.Closeable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.spark.SparkCatalog;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.classic.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session of one job: its catalog is the job's run, under the name {@value #CATALOG}, where names
 * of two parts are looked for. Several at once share a Spark, and none sees another's run.
 */
final class RunSession implements AutoCloseable {
  static final String CATALOG = "ecluse";

  private static final Logger LOG = LoggerFactory.getLogger(RunSession.class);
  private static final String KEY = "spark.sql.catalog." + CATALOG;

  /** What lets a query reach into the JVM. */
  private static final List<String> UNSAFE = List.of("reflect", "java_method", "try_reflect");

  private final Supplier<SparkSession> spark;
  private final Job job;
  private final String token;
  private SparkSession opened;

  /**
   * @param spark gives the Spark, which stays open; asked when it is first needed
   * @param token for the catalog
   */
  @SuppressWarnings("NullAway.Init") // opened when first asked for
  RunSession(Supplier<SparkSession> spark, Job job, String token) {
    this.spark = spark;
    this.job = job;
    this.token = token;
  }

  Job job() {
    return job;
  }

  /** What a Spark needs to have the run's catalog. */
  Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>(Dialect.SETTINGS);
    settings.put(KEY, SparkCatalog.class.getName());
    settings.put(KEY + ".catalog-impl", PatientCatalog.class.getName());
    settings.put(KEY + ".uri", job.catalog());
    settings.put(KEY + ".token", token);
    settings.put(KEY + ".token-refresh-enabled", "false");
    // what a program, or another of the run, has written since it must find; a query reads once
    settings.put(KEY + ".cache-enabled", String.valueOf(job.work() instanceof Work.Query));
    settings.put(KEY + ".rest-metrics-reporting-enabled", "false"); // nobody reads what scans took
    settings.put("spark.sql.defaultCatalog", CATALOG);
    settings.put("spark.sql.sources.partitionOverwriteMode", "static");
    settings.put("spark.sql.datetime.java8API.enabled", "true");
    if (!(job.work() instanceof Work.Script)) {
      // a session apart loads classes of its own: what Spark generates would be compiled anew for
      // each job; only programs bring classes
      settings.put("spark.sql.artifact.isolation.enabled", "false");
    }
    settings.putAll(job.settings());
    return settings;
  }

  SparkSession spark() {
    if (opened == null) {
      opened = spark.get().newSession();
      settings().forEach(opened.conf()::set);
      SparkSession.setActiveSession(opened);
    }
    return opened;
  }

  /**
   * The rows of one SELECT; nothing else is run, and it reads nothing but tables.
   *
   * @throws JobException SQL_INVALID, NOT_FOUND, both with the position
   */
  Dataset<Row> query(String sql) {
    SparkSession session = spark();
    session.conf().set("spark.sql.runSQLOnFiles", "false");
    UNSAFE.forEach(
        name ->
            session.sessionState().functionRegistry().dropFunction(new FunctionIdentifier(name)));
    try {
      session.sessionState().sqlParser().parseQuery(sql);
    } catch (ParseException e) {
      throw SparkErrors.translate(e, job);
    }
    return session.sql(sql);
  }

  /** A table of the run by its name of two parts. */
  RunTable table(String name) {
    return new RunTable(this, name);
  }

  /** Ends what the catalog has open to the platform. */
  @Override
  public void close() {
    if (opened == null) {
      return;
    }
    try {
      if (opened.sessionState().catalogManager().catalog(CATALOG) instanceof SparkCatalog catalog) {
        Catalog iceberg = catalog.icebergCatalog();
        if (iceberg instanceof Closeable closeable) {
          closeable.close();
        }
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("The catalog of job {} was not closed", job.id(), e);
    } finally {
      SparkSession.clearActiveSession();
    }
  }
}
