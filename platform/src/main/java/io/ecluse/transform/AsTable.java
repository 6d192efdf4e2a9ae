package io.ecluse.transform;

/** A table that is written anew by each run. */
public final class AsTable implements Materialization {
  @Override
  public String name() {
    return "table";
  }

  @Override
  public Made build(Building building) {
    long rows =
        building
            .engine()
            .fill(
                building
                    .warehouse()
                    .stage(building.runId(), building.model().name().lower(), building.columns()),
                building.model().sql(),
                building.view(),
                building.cancellation());
    return new Made(rows, rows + " rows");
  }
}
