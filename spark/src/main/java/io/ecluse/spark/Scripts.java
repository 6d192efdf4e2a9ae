package io.ecluse.spark;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.classic.SparkSession;

/**
 * Runs what a data engineer has written. A program gets the Spark that it asks for ({@code
 * SparkSession.builder().getOrCreate()}) with the run's catalog as its own, and what it is run for
 * as settings {@code spark.ecluse.*}.
 */
final class Scripts {
  private final RunSession session;
  private final Work.Script script;
  private List<String> libraries = List.of();

  Scripts(RunSession session, Work.Script script) {
    this.session = session;
    this.script = script;
  }

  Result run() {
    if (script.program() instanceof Work.Program.Sql sql) {
      statements(sql.text());
    } else if (script.program() instanceof Work.Program.Java java) {
      javaMain(java);
    } else if (script.program() instanceof Work.Program.Python python) {
      PythonProgram.run(session.job(), prepared(), python.file(), script);
    } else {
      throw new AssertionError("Unhandled " + script.program());
    }
    return new Result(Door.JSON.createObjectNode().put("state", "done"));
  }

  private void statements(String text) {
    SparkSession spark = prepared();
    for (SqlStatements.Statement statement : SqlStatements.of(text)) {
      try {
        spark.sql(statement.sql()).collectAsList();
      } catch (Exception e) { // Spark throws what it does not declare
        throw SparkErrors.translate(e, session.job(), statement.offset());
      }
    }
  }

  /** The session, with what the program needs: for its SQL, and for executors. */
  private SparkSession prepared() {
    SparkSession spark = session.spark();
    script.settings().forEach(spark.conf()::set);
    try {
      libraries = Libraries.of(spark, script);
      libraries.forEach(jar -> add(spark, jar));
    } catch (RuntimeException e) {
      throw SparkErrors.translate(e, session.job());
    }
    return spark;
  }

  /**
   * For executors too: what the context is given itself, sessions of their own do not see there.
   */
  private static void add(SparkSession spark, String jar) {
    spark.sql("ADD JAR '" + jar.replace("'", "\\'") + "'");
  }

  private void javaMain(Work.Program.Java program) {
    SparkSession spark = prepared();
    List<URL> urls = new ArrayList<>();
    List<String> jars = new ArrayList<>(libraries);
    jars.add(program.jar());
    add(spark, program.jar());
    for (String jar : jars) {
      urls.add(local(spark, jar));
    }
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), before)) {
      Thread.currentThread().setContextClassLoader(loader);
      SparkSession.setDefaultSession(spark);
      Class.forName(program.mainClass(), true, loader)
          .getMethod("main", String[].class)
          .invoke(null, (Object) script.arguments().toArray(String[]::new));
    } catch (ClassNotFoundException | NoSuchMethodException | IllegalAccessException e) {
      throw new JobException(
          JobException.Code.INVALID_USAGE,
          "The jar %s has no class %s with a public static void main(String[])"
              .formatted(program.jar(), program.mainClass()),
          e);
    } catch (InvocationTargetException e) {
      throw SparkErrors.translate(e.getCause() == null ? e : e.getCause(), session.job());
    } catch (IOException e) {
      throw new JobException(
          JobException.Code.INTERNAL, "The jar %s was not closed".formatted(program.jar()), e);
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  /** A jar that may be elsewhere, as a file that is here. */
  private static URL local(SparkSession spark, String jar) {
    try {
      URI uri = jar.contains(":/") ? URI.create(jar) : Path.of(jar).toUri();
      if ("file".equals(uri.getScheme())) {
        return uri.toURL();
      }
      Path copy = java.nio.file.Files.createTempFile("ecluse-", ".jar");
      copy.toFile().deleteOnExit();
      var configuration = spark.sparkContext().hadoopConfiguration();
      FileSystem.get(uri, configuration)
          .copyToLocalFile(
              new org.apache.hadoop.fs.Path(uri), new org.apache.hadoop.fs.Path(copy.toUri()));
      return copy.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new JobException(
          JobException.Code.INVALID_USAGE, "%s is no address of a jar".formatted(jar), e);
    } catch (IOException e) {
      throw new JobException(
          JobException.Code.NOT_FOUND, "The jar %s cannot be read".formatted(jar), e);
    }
  }
}
