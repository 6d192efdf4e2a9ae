package io.ecluse.transform;

import io.ecluse.engine.Job;
import io.ecluse.engine.QueryText;
import io.ecluse.schema.Column;
import io.ecluse.warehouse.ViewQuery;
import java.util.List;

/** A view, which has no rows of its own. */
public final class AsView implements Materialization {
  @Override
  public String name() {
    return "view";
  }

  @Override
  public Job build(Building building) {
    String sql = building.model().sql();
    List<Column> columns = building.columns();
    building.begins().run();
    building
        .warehouse()
        .stageView(
            building.runId(),
            building.model().name().lower(),
            columns,
            new ViewQuery(QueryText.trimmed(sql), List.copyOf(building.engine().tables(sql))));
    return new Job.Done(0);
  }

  @Override
  public String made(long rows) {
    return "a view";
  }

  @Override
  public boolean movesRows() {
    return false;
  }
}
