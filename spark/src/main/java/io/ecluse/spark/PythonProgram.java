package io.ecluse.spark;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkUserAppException;
import org.apache.spark.deploy.PythonRunner;
import org.apache.spark.sql.classic.SparkSession;

/**
 * A Python file that runs in a process of its own, with a session of this JVM. That process asks
 * for the session and says why it failed, by the name of its job. Safe for use by several threads.
 */
public final class PythonProgram {
  /** What its process ends with where Spark's library for Python is missing, or of another line. */
  private static final int NO_LIBRARY = 86;

  private static final Map<String, SparkSession> SESSIONS = new ConcurrentHashMap<>();
  private static final Map<String, JobException> FAILURES = new ConcurrentHashMap<>();
  private static final Map<String, Job> JOBS = new ConcurrentHashMap<>();

  private PythonProgram() {}

  /** The session of a job, for its process. */
  public static SparkSession session(String job) {
    return Optional.ofNullable(SESSIONS.get(job)).orElseThrow();
  }

  /** Its process ends by an error that Spark has thrown. */
  public static void failed(String job, Throwable e) {
    Optional.ofNullable(JOBS.get(job))
        .ifPresent(j -> FAILURES.put(job, SparkErrors.translate(e, j)));
  }

  /**
   * Its process ends by an error of its own.
   *
   * @param what its kind and place; never its text, which may hold values
   */
  public static void failed(String job, String what) {
    FAILURES.put(
        job,
        new JobException(
            JobException.Code.INVALID_USAGE,
            "The program ended by a %s; the driver's log has its text".formatted(what)));
  }

  /** Runs it and waits for its end. */
  static void run(Job job, SparkSession session, String file, Work.Script script) {
    SESSIONS.put(job.id(), session);
    JOBS.put(job.id(), job);
    Path program = program();
    try {
      List<String> command = new ArrayList<>(List.of(program.toString(), "", job.id(), file));
      command.add(String.join(",", script.files()));
      command.addAll(script.arguments());
      PythonRunner.main(command.toArray(String[]::new));
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) { // Scala declares none
      JobException told = FAILURES.get(job.id());
      if (e instanceof SparkUserAppException ended && ended.exitCode() == NO_LIBRARY) {
        throw noLibrary(session);
      }
      throw told != null && e instanceof SparkUserAppException
          ? told
          : SparkErrors.translate(e, job);
    } finally {
      SESSIONS.remove(job.id());
      JOBS.remove(job.id());
      FAILURES.remove(job.id());
      delete(program);
    }
  }

  private static JobException noLibrary(SparkSession session) {
    return new JobException(
        JobException.Code.INVALID_USAGE,
        "The Python that runs programs has no pyspark of %s: pip install pyspark==%s for it, name another by PYSPARK_PYTHON, or set SPARK_HOME to a whole distribution; then end the application, or wait for its idle time"
            .formatted(session.version(), session.version()));
  }

  private static Path program() {
    try (InputStream in = PythonProgram.class.getResourceAsStream("program.py")) {
      Path file = Files.createTempFile("ecluse-", ".py");
      Files.copy(Optional.ofNullable(in).orElseThrow(), file, StandardCopyOption.REPLACE_EXISTING);
      return file;
    } catch (IOException e) {
      throw new JobException(
          JobException.Code.DISK_FULL, "The program could not be written for Python", e);
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
