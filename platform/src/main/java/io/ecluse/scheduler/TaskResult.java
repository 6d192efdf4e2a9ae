package io.ecluse.scheduler;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a task tells of its success.
 *
 * @param rows rows handled
 * @param bytes bytes written
 * @param facts anything else that people should see, by name
 */
public record TaskResult(long rows, long bytes, Map<String, String> facts) {
  public static final TaskResult NOTHING = new TaskResult(0, 0, Map.of());

  public TaskResult {
    facts = java.util.Collections.unmodifiableMap(new TreeMap<>(facts));
  }
}
