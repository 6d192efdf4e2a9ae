package io.ecluse.spark;

import io.ecluse.spark.JobException.Code;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.NotAuthorizedException;
import org.apache.spark.QueryContext;
import org.apache.spark.QueryContextType;
import org.apache.spark.SparkThrowable;
import org.apache.spark.SparkUserAppException;
import org.apache.spark.sql.AnalysisException;

/** What Spark and Iceberg throw, in the platform's words. */
final class SparkErrors {
  private static final Pattern TRAILER =
      Pattern.compile("\\s*(SQLSTATE: \\w+.*|; line \\d+ pos \\d+.*|== SQL.*)$", Pattern.DOTALL);

  private static final Pattern MEMORY =
      Pattern.compile(
          "OutOfMemoryError|Java heap space|GC overhead limit|UNABLE_TO_ACQUIRE_MEMORY|Cannot broadcast the table|exceeding (?:physical |virtual )?memory limits|exit(?:ed caused by one of the running tasks.*| ?code:? )?.*\\b(?:137|143|52)\\b|OOMKilled",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern DISK =
      Pattern.compile("No space left on device|DSQuotaExceeded|Disk quota exceeded");
  private static final Pattern TOO_LARGE = Pattern.compile("spark\\.driver\\.maxResultSize");
  private static final Pattern UNREACHABLE =
      Pattern.compile(
          "ConnectException|HttpHostConnectException|UnknownHostException|NoRouteToHost|Connection refused");

  /** As S3 and HDFS say that they do not know who asks, or do not let that one in. */
  private static final Pattern REFUSED =
      Pattern.compile(
          "ExpiredToken|expired|InvalidToken|InvalidAccessKeyId|SignatureDoesNotMatch|Unable to load credentials|AccessDenied|AccessControlException|Status Code: 40[13]",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern OF_STORES =
      Pattern.compile("S3|Sdk|Sts|AccessControl|InvalidToken", Pattern.CASE_INSENSITIVE);
  private static final Pattern LOST =
      Pattern.compile("ExecutorLostFailure \\(executor \\S+ exited[^\\n]*");

  private SparkErrors() {}

  static JobException translate(Throwable e, Job job) {
    return translate(e, job, 0);
  }

  /**
   * @param offset characters of the job's SQL before the statement that was run
   */
  static JobException translate(Throwable e, Job job, int offset) {
    List<Throwable> causes = causes(e);
    for (Throwable cause : causes) {
      if (cause instanceof JobException told) {
        return told;
      } else if (cause instanceof SparkUserAppException program) {
        return new JobException(
            Code.INVALID_USAGE,
            "The program ended with the exit code %d; its output tells why"
                .formatted(program.exitCode()),
            e);
      }
    }
    return ofCatalog(causes)
        .or(() -> ofStores(causes))
        .or(() -> ofResources(causes))
        .or(() -> ofExecutors(causes))
        .or(() -> ofSql(causes, job, offset))
        .or(() -> ofValues(causes, job, offset))
        .orElseGet(
            () ->
                new JobException(
                    Code.INTERNAL, "Spark failed: " + said(causes.get(causes.size() - 1), job), e));
  }

  /** From the outermost to the first. */
  private static List<Throwable> causes(Throwable e) {
    List<Throwable> causes = new ArrayList<>();
    Set<Throwable> seen = new HashSet<>();
    for (Throwable cause = e; cause != null && seen.add(cause); cause = cause.getCause()) {
      causes.add(cause);
    }
    return causes;
  }

  private static Optional<JobException> ofCatalog(List<Throwable> causes) {
    for (Throwable cause : causes) {
      if (cause instanceof CommitStateUnknownException) {
        return error(
            Code.OUTCOME_UNKNOWN,
            "Nobody knows whether the commit took effect: the platform did not answer; look at the table before it is run again",
            cause);
      } else if (cause instanceof CommitFailedException) {
        return error(
            Code.COMMIT_CONFLICT,
            "The commit was refused, for the table was changed meanwhile or the attempt has ended; run it again",
            cause);
      } else if (cause instanceof NotAuthorizedException) {
        return error(
            Code.UNAUTHENTICATED,
            "The catalog of the run does not take the job's token (any more); run it again",
            cause);
      } else if (cause instanceof ForbiddenException) {
        return error(
            Code.ATTEMPT_OVERTAKEN,
            "The catalog of the run takes nothing from this job any more: another attempt has taken its place, or the run has ended",
            cause);
      } else if (cause instanceof NoSuchTableException) {
        return error(Code.NOT_FOUND, firstLine(cause), cause);
      }
    }
    return Optional.empty();
  }

  private static Optional<JobException> ofResources(List<Throwable> causes) {
    for (Throwable cause : causes) {
      String text = cause.getClass().getSimpleName() + ": " + cause.getMessage();
      if (DISK.matcher(text).find()) {
        return error(
            Code.DISK_FULL,
            "A disk of the cluster is full (spark.local.dir, or where the table is); make space and run it again",
            cause);
      } else if (TOO_LARGE.matcher(text).find()) {
        return error(
            Code.RESULT_TOO_LARGE,
            "The result is larger than the driver may take (spark.driver.maxResultSize); select fewer rows",
            cause);
      } else if (cause instanceof OutOfMemoryError || MEMORY.matcher(firstLines(text)).find()) {
        return error(
            Code.OUT_OF_MEMORY,
            "Spark needs more memory than the driver or its executors have; raise spark.executor.memory or spark.driver.memory of the cluster, or select fewer columns or rows",
            cause);
      } else if (UNREACHABLE.matcher(firstLines(text)).find()) {
        return error(
            Code.STORAGE_UNREACHABLE,
            "The platform's catalog or the storage cannot be reached from Spark; see that the cluster's machines reach it, then run it again",
            cause);
      }
    }
    return Optional.empty();
  }

  /** Machines of a cluster get into a store by what they have themselves. */
  private static Optional<JobException> ofStores(List<Throwable> causes) {
    for (Throwable cause : causes) {
      String text = cause.getClass().getSimpleName() + ": " + cause.getMessage();
      int at = text.indexOf("software.amazon.awssdk"); // what an executor has thrown comes as text
      boolean isOfStore = at >= 0 || OF_STORES.matcher(cause.getClass().getSimpleName()).find();
      Matcher why = REFUSED.matcher(beforeStack(text));
      if (isOfStore && why.find()) {
        return error(
            Code.STORAGE_REFUSED,
            "The store of the tables does not let Spark in (%s); look at the keys or the role that the cluster's machines have"
                .formatted(why.group()),
            cause);
      }
    }
    return Optional.empty();
  }

  /** Spark gives up when the same task has lost several. */
  private static Optional<JobException> ofExecutors(List<Throwable> causes) {
    for (Throwable cause : causes) {
      Matcher lost = LOST.matcher(String.valueOf(cause.getMessage()));
      if (lost.find()) {
        return error(
            Code.CLUSTER_LOST,
            "Executors were lost again and again over the same task: %s; look at the logs of the machines, and whether they have memory enough (executor_memory)"
                .formatted(lost.group()),
            cause);
      }
    }
    return Optional.empty();
  }

  private static Optional<JobException> error(Code code, String message, Throwable cause) {
    return Optional.of(new JobException(code, message, cause));
  }

  /** Errors of the statement: what they say is made of it and of names. */
  private static Optional<JobException> ofSql(List<Throwable> causes, Job job, int offset) {
    for (Throwable cause : causes) {
      if (cause instanceof AnalysisException analysis) {
        String condition = String.valueOf(analysis.getCondition());
        Code code =
            condition.startsWith("TABLE_OR_VIEW_NOT_FOUND")
                    || condition.startsWith("SCHEMA_NOT_FOUND")
                ? Code.NOT_FOUND
                : Code.SQL_INVALID;
        String message = TRAILER.matcher(analysis.message()).replaceFirst("").strip();
        OptionalInt position = position(analysis, job.work().sql(), offset);
        return Optional.of(
            position.isPresent()
                ? new JobException(code, message, position.getAsInt())
                : new JobException(code, message, cause));
      }
    }
    return Optional.empty();
  }

  /** Errors of rows: what they say may hold values. */
  private static Optional<JobException> ofValues(List<Throwable> causes, Job job, int offset) {
    Optional<SparkThrowable> found =
        causes.stream()
            .filter(SparkThrowable.class::isInstance)
            .map(SparkThrowable.class::cast)
            .filter(s -> s.getCondition() != null && Masked.isOfValues(s.getCondition()))
            .reduce((outer, inner) -> inner);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    SparkThrowable error = found.get();
    String message =
        job.values() == Job.Values.SHOWN
            ? TRAILER.matcher(firstLine((Throwable) error)).replaceFirst("").strip()
            : Masked.masked(error);
    OptionalInt position = start(error.getQueryContext(), offset);
    return Optional.of(
        position.isPresent()
            ? new JobException(Code.SQL_INVALID, message, position.getAsInt())
            : new JobException(Code.SQL_INVALID, message));
  }

  private static OptionalInt position(AnalysisException e, String sql, int offset) {
    if (e.line().isDefined() && e.startPosition().isDefined() && !sql.isEmpty()) {
      int line = (Integer) e.line().get();
      int at = offset;
      for (int i = 1; i < line; i++) {
        int end = sql.indexOf('\n', at);
        at = end < 0 ? at : end + 1;
      }
      return OptionalInt.of(Math.min(sql.length(), at + (Integer) e.startPosition().get()));
    }
    return start(e.getQueryContext(), offset);
  }

  private static OptionalInt start(QueryContext[] contexts, int offset) {
    for (QueryContext context : contexts) {
      if (context.contextType() == QueryContextType.SQL && context.objectType().isEmpty()) {
        return OptionalInt.of(offset + context.startIndex());
      }
    }
    return OptionalInt.empty();
  }

  private static String said(Throwable e, Job job) {
    String text = e.getClass().getName() + ": " + firstLine(e);
    String told = job.values() == Job.Values.SHOWN ? text : Masked.line(text);
    return told.substring(e.getClass().getName().lastIndexOf('.') + 1);
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private static String firstLines(String text) {
    return beforeStack(text).toLowerCase(Locale.ROOT);
  }

  /** What follows the stack traces of executors is not of this error. */
  private static String beforeStack(String text) {
    int stack = text.indexOf("\n\tat ");
    return stack < 0 ? text : text.substring(0, stack);
  }
}
