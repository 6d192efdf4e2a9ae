package io.ecluse.project;

import io.ecluse.pipeline.Work;
import java.util.List;
import java.util.Optional;

/**
 * By what engine, and on which cluster, something is to be done, as far as that is said: by the
 * project, an environment, a DAG, a model or a command. The nearest to the work wins.
 *
 * @param engine one of {@link #ENGINES}
 * @param cluster its name
 */
public record Compute(Optional<String> engine, Optional<String> cluster) {
  /** Says nothing. */
  public static final Compute UNSAID = new Compute(Optional.empty(), Optional.empty());

  /** The one that decides by itself which of the others it is; the usual one. */
  public static final String AUTO = "auto";

  /** The words for engines. */
  public static final List<String> ENGINES = List.of(AUTO, "duckdb", "spark");

  static final String ENGINE = "engine";
  static final String CLUSTER = "cluster";

  /** What a map of a file says. */
  static Compute of(Value.Entries content) {
    return new Compute(content.word(ENGINE), content.word(CLUSTER));
  }

  /** What a task was told. */
  public static Compute of(Work work) {
    return new Compute(
        work.list(ENGINE).stream().findFirst(), work.list(CLUSTER).stream().findFirst());
  }

  /** This, and what it does not say by another. */
  public Compute over(Compute other) {
    return new Compute(engine.or(other::engine), cluster.or(other::cluster));
  }

  /** Work that is told this. */
  Work tell(Work work) {
    Work told = engine.map(e -> work.with(ENGINE, List.of(e))).orElse(work);
    return cluster.map(c -> told.with(CLUSTER, List.of(c))).orElse(told);
  }
}
