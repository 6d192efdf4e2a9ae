package io.ecluse.web;

import io.ecluse.scheduler.Run;
import io.ecluse.warehouse.Warehouse;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Which runs are published, asked for many at once. */
final class Publications {
  private final Warehouse warehouse;

  Publications(Warehouse warehouse) {
    this.warehouse = warehouse;
  }

  enum State {
    NONE,
    PUBLISHED,
    ROLLED_BACK
  }

  List<Views.RunView> views(Collection<Run> runs) {
    Map<String, Boolean> live = warehouse.publications(runs.stream().map(Run::id).toList());
    return runs.stream().map(r -> Views.RunView.of(r, state(live.get(r.id())))).toList();
  }

  Views.RunView view(Run run) {
    return views(List.of(run)).get(0);
  }

  private static State state(@org.jspecify.annotations.Nullable Boolean live) {
    if (live == null) {
      return State.NONE;
    }
    return live ? State.PUBLISHED : State.ROLLED_BACK;
  }
}
