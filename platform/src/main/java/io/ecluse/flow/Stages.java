package io.ecluse.flow;

import io.ecluse.engine.Engine;
import io.ecluse.engine.Engines;
import io.ecluse.staging.StagingArea;
import io.ecluse.transform.ModelStates;
import io.ecluse.transform.Models;
import io.ecluse.transform.TestResults;
import io.ecluse.warehouse.Fence;
import io.ecluse.warehouse.Warehouse;

/** The stages that tasks call, in the order of the data. */
public record Stages(
    ProjectSources sources,
    StagingArea staging,
    Warehouse warehouse,
    Engine engine,
    Engines engines,
    Models models,
    TestResults testResults,
    ModelStates modelStates) {
  /** The same stages, for a writer that leaves something only while the fence lets it. */
  Stages behind(Fence fence) {
    return new Stages(
        sources,
        staging,
        warehouse.behind(fence),
        engine,
        engines,
        models.behind(fence),
        testResults.behind(fence),
        modelStates.behind(fence));
  }
}
