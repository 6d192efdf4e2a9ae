package io.ecluse.flow;

import io.ecluse.query.QueryEngine;
import io.ecluse.staging.StagingArea;
import io.ecluse.transform.Models;
import io.ecluse.transform.TestResults;
import io.ecluse.warehouse.Warehouse;

/** The stages that tasks call, in the order of the data. */
public record Stages(
    Sources sources,
    StagingArea staging,
    Warehouse warehouse,
    QueryEngine engine,
    Models models,
    TestResults testResults) {}
