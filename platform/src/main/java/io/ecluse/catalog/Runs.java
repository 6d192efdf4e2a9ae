package io.ecluse.catalog;

import io.ecluse.access.Action;
import io.ecluse.access.Caller;
import io.ecluse.access.Policy;
import io.ecluse.access.Subject;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.Scheduler;
import io.ecluse.warehouse.Warehouse;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs, and which of them are published. Safe for use by several threads. */
public final class Runs {
  private final Scheduler scheduler;
  private final Warehouse warehouse;
  private final Policy policy;

  public Runs(Scheduler scheduler, Warehouse warehouse, Policy policy) {
    this.scheduler = scheduler;
    this.warehouse = warehouse;
    this.policy = policy;
  }

  /** A run, and what became of what it wrote. */
  public record Entry(Run run, Publication publication) {
    public boolean isPublished() {
      return publication == Publication.PUBLISHED;
    }
  }

  public enum Publication {
    NONE,
    PUBLISHED,
    ROLLED_BACK
  }

  /**
   * The newest runs, the newest first.
   *
   * @param dag of this DAG only
   */
  public List<Entry> newest(
      Caller caller, Optional<String> dag, Optional<RunState> state, int limit) {
    return entries(caller, scheduler.list(dag, state, limit, Optional.empty()));
  }

  /** Those of the runs that the caller may see; asked for many at once. */
  public List<Entry> entries(Caller caller, Collection<Run> runs) {
    return entries(
        runs.stream()
            .filter(
                run -> policy.permits(caller, Action.SEE, new Subject(Subject.Kind.RUN, run.id())))
            .toList());
  }

  /** A run that the caller was let see. */
  public Entry entry(Run run) {
    return entries(List.of(run)).get(0);
  }

  private List<Entry> entries(List<Run> runs) {
    Map<String, Boolean> live = warehouse.publications(runs.stream().map(Run::id).toList());
    return runs.stream()
        .map(run -> new Entry(run, publication(Optional.ofNullable(live.get(run.id())))))
        .toList();
  }

  private static Publication publication(Optional<Boolean> live) {
    return live.map(l -> l ? Publication.PUBLISHED : Publication.ROLLED_BACK)
        .orElse(Publication.NONE);
  }
}
