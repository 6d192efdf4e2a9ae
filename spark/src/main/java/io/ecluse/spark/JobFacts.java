package io.ecluse.spark;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.StageInfo;
import scala.jdk.javaapi.CollectionConverters;

/**
 * How far Spark is with a job, and what it took: of those of Spark's jobs that are of its group.
 * Safe for use by several threads.
 */
final class JobFacts extends SparkListener {
  private static final String GROUP = "spark.jobGroup.id";

  private final String group;
  private final Map<Integer, Integer> tasks = new HashMap<>();
  private final Map<Integer, List<Long>> durations = new HashMap<>();
  private final Map<Integer, Set<Integer>> stagesOfJobs = new HashMap<>();
  private final Set<Integer> done = new HashSet<>();
  private long tasksDone;
  private long bytesRead;
  private long bytesWritten;
  private long rows;
  private long spilled;

  /**
   * @param group of Spark's jobs
   */
  JobFacts(String group) {
    this.group = group;
  }

  @Override
  public synchronized void onJobStart(SparkListenerJobStart start) {
    Properties properties = start.properties();
    if (properties == null || !group.equals(properties.getProperty(GROUP))) {
      return;
    }
    Set<Integer> stages = new HashSet<>();
    for (StageInfo stage : CollectionConverters.asJava(start.stageInfos())) {
      tasks.putIfAbsent(stage.stageId(), stage.numTasks());
      stages.add(stage.stageId());
    }
    stagesOfJobs.put(start.jobId(), stages);
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
    if (!tasks.containsKey(end.stageId())) {
      return;
    }
    if (end.taskInfo().successful()) {
      tasksDone++;
      durations
          .computeIfAbsent(end.stageId(), s -> new ArrayList<>())
          .add(end.taskInfo().duration());
    }
    TaskMetrics metrics = end.taskMetrics();
    if (metrics != null) {
      bytesRead += metrics.inputMetrics().bytesRead();
      bytesWritten += metrics.outputMetrics().bytesWritten();
      rows += metrics.outputMetrics().recordsWritten();
      spilled += metrics.diskBytesSpilled();
    }
  }

  @Override
  public synchronized void onStageCompleted(SparkListenerStageCompleted completed) {
    int stage = completed.stageInfo().stageId();
    if (tasks.containsKey(stage)) {
      tasks.put(stage, completed.stageInfo().numTasks());
      done.add(stage);
    }
  }

  /** Stages that a job did not need, for their results were there, are done with it. */
  @Override
  public synchronized void onJobEnd(SparkListenerJobEnd end) {
    Set<Integer> stages = stagesOfJobs.remove(end.jobId());
    if (stages != null) {
      for (int stage : stages) {
        if (done.add(stage)) {
          tasks.put(stage, 0);
        }
      }
    }
  }

  synchronized boolean hasTasksLeft() {
    return tasksDone < tasks.values().stream().mapToLong(t -> t).sum();
  }

  synchronized ObjectNode progress() {
    return Door.JSON
        .createObjectNode()
        .put("stages", tasks.size())
        .put("stagesDone", done.size())
        .put("tasks", Math.max(tasksDone, tasks.values().stream().mapToLong(t -> t).sum()))
        .put("tasksDone", tasksDone);
  }

  synchronized ObjectNode facts() {
    return Door.JSON
        .createObjectNode()
        .put("bytesRead", bytesRead)
        .put("bytesWritten", bytesWritten)
        .put("rows", rows)
        .put("spilled", spilled)
        .put("skew", skew());
  }

  /** How much longer the longest task of a stage took than the middle one, of the slowest stage. */
  private double skew() {
    long longest = 0;
    double skew = 1;
    for (List<Long> times : durations.values()) {
      List<Long> sorted = times.stream().sorted().toList();
      long last = sorted.get(sorted.size() - 1);
      if (sorted.size() > 1 && last > longest) {
        longest = last;
        skew = Math.round(10.0 * last / Math.max(1, sorted.get(sorted.size() / 2))) / 10.0;
      }
    }
    return skew;
  }
}
