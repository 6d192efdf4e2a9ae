package io.ecluse.scheduler;

import io.ecluse.pipeline.Task;
import java.sql.Connection;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One try of a task, as the task sees it while it runs: what it knows of itself, how it speaks, and
 * the fence behind which it changes things. Safe for use by several threads.
 */
public interface Attempt {
  String runId();

  String environment();

  /** The time that the run is for: when it was due, or when it was asked for. */
  Instant logicalTime();

  Task task();

  /** What the run was started with. */
  Map<String, String> params();

  /** The hash of the files that the run was started with, if it was with any. */
  Optional<String> bundle();

  /** Which try this is, from 1. */
  int number();

  /**
   * What the task left when it wanted to be looked at again; empty if it begins. If the work was
   * cancelled meanwhile, or has had its time, it is run once more with this, and is cancelled from
   * its beginning: to tell the work elsewhere.
   */
  Optional<String> handle();

  /**
   * Refuses to go on unless this attempt is still the current one of its task, and keeps it that
   * until the transaction of the connection ends. Whatever a task changes for good in the metadata
   * database, it changes in such a transaction: it may have been taken for dead meanwhile.
   *
   * @param connection to the metadata database, in a transaction
   * @throws io.ecluse.error.EcluseException ATTEMPT_OVERTAKEN
   */
  void holdPlace(Connection connection);

  /**
   * Runs a change of something else than the metadata database, such as files, in a transaction
   * that holds the place as {@link #holdPlace} does.
   *
   * @throws io.ecluse.error.EcluseException ATTEMPT_OVERTAKEN, and nothing is changed;
   *     DATABASE_UNREACHABLE
   */
  void inPlace(Runnable change);

  /** Adds a line to the log of this attempt. Never data of a row, never a secret. */
  void log(String line);

  /** Tells how far the work is; {@code total} is 0 if nobody knows. */
  void progress(long done, long total);

  /** Whether the work is no longer wanted. */
  boolean isCancelled();

  /**
   * Has {@code action} run, from another thread, when the work is no longer wanted; at once if it
   * is so already.
   */
  void onCancel(Runnable action);
}
