package io.ecluse.scheduler;

import io.ecluse.pipeline.Bundle;
import io.ecluse.pipeline.Dag;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A run that is wanted.
 *
 * @param dag as it is now; the run keeps it
 * @param params handed to every task; no secrets, since they are shown
 * @param exclusiveKeys what the run writes: of two runs that share a key, the second waits
 * @param bundle the files that its tasks read, if they read any
 */
public record RunRequest(
    Dag dag,
    Trigger trigger,
    Instant logicalTime,
    Map<String, String> params,
    Set<String> exclusiveKeys,
    Optional<Bundle> bundle) {
  public RunRequest {
    params = Collections.unmodifiableMap(new TreeMap<>(params));
    exclusiveKeys = Collections.unmodifiableSet(new TreeSet<>(exclusiveKeys));
  }

  /** With the parameters that the DAG has by itself. */
  public RunRequest(Dag dag, Trigger trigger, Instant logicalTime, Set<String> exclusiveKeys) {
    this(dag, trigger, logicalTime, dag.params(), exclusiveKeys);
  }

  /** Of a run that reads no files. */
  public RunRequest(
      Dag dag,
      Trigger trigger,
      Instant logicalTime,
      Map<String, String> params,
      Set<String> exclusiveKeys) {
    this(dag, trigger, logicalTime, params, exclusiveKeys, Optional.empty());
  }

  /** The same run, whose tasks read these files. */
  public RunRequest reading(Bundle files) {
    return new RunRequest(dag, trigger, logicalTime, params, exclusiveKeys, Optional.of(files));
  }
}
