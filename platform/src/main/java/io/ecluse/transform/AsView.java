package io.ecluse.transform;

import io.ecluse.warehouse.ViewQuery;
import java.util.List;

/** A view, which has no rows of its own. */
public final class AsView implements Materialization {
  @Override
  public String name() {
    return "view";
  }

  @Override
  public Made build(Building building) {
    String sql = building.model().sql();
    building
        .warehouse()
        .stageView(
            building.runId(),
            building.model().name().lower(),
            building.columns(),
            new ViewQuery(
                building.engine().statement(sql), List.copyOf(building.engine().tables(sql))));
    return new Made(0, "a view");
  }
}
