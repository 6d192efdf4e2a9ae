package io.ecluse.flow;

import io.ecluse.pipeline.Work;
import io.ecluse.project.Localized;
import io.ecluse.scheduler.TaskResult;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.Publication;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Makes everything the run wrote visible, at once; added to every DAG that makes tables. */
public final class PublishKind implements TaskKind {
  @Override
  public String name() {
    return Work.PUBLISH.kind();
  }

  @Override
  public Localized word() {
    return new Localized("publish", "publication");
  }

  @Override
  public TaskResult run(TaskRun run) {
    String id = run.attempt().runId();
    List<TableName> overtaken = run.stages().warehouse().overtaken(id);
    if (!overtaken.isEmpty()) {
      throw new LostRace(run.project()).error(id, overtaken);
    }
    Publication publication = run.stages().warehouse().publish(id);
    run.attempt()
        .log(
            "Published together: "
                + publication.tables().stream()
                    .map(TableName::toString)
                    .collect(Collectors.joining(", ")));
    return new TaskResult.Done(0, 0, Map.of("tables", String.valueOf(publication.tables().size())));
  }
}
