package io.ecluse.transform;

import io.ecluse.engine.Job;

/** A table that is written anew by each run. */
public final class AsTable implements Materialization {
  @Override
  public String name() {
    return "table";
  }

  @Override
  public Job build(Building building) {
    return building.fill(building.columns(), building.model().sql());
  }
}
