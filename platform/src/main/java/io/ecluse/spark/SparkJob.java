package io.ecluse.spark;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A job as it was when it was read.
 *
 * @param sql which it is to run
 * @param marks snapshot properties of what it commits
 * @param tries how often an application has taken it
 * @param age since it was begun
 * @param facts what it told of itself, by name
 * @param result as the application sent it
 */
record SparkJob(
    String id,
    String cluster,
    Work work,
    String sql,
    Map<String, String> marks,
    State state,
    boolean isCancelled,
    int tries,
    Progress progress,
    Duration age,
    Map<String, String> facts,
    Optional<JsonNode> result) {
  SparkJob {
    marks = Map.copyOf(marks);
    facts = Map.copyOf(facts);
  }

  /** The attempt of a task whose job it is. */
  record Work(String runId, String taskId, int attempt) {}

  /** Parts of the work that are done, of how many; 0 of 0 if nobody knows. */
  record Progress(long done, long total) {}

  /** How far it has come. */
  enum State {
    QUEUED,
    RUNNING,
    DONE,
    FAILED,
    CANCELLED
  }
}
