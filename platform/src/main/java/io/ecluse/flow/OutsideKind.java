package io.ecluse.flow;

import io.ecluse.pipeline.Work;
import io.ecluse.project.DagFile;
import io.ecluse.project.Expansion;
import io.ecluse.project.Expansion.Planned;
import io.ecluse.project.Format;
import io.ecluse.project.Localized;
import io.ecluse.project.Shape;
import io.ecluse.project.Value;
import io.ecluse.scheduler.TaskResult;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Waits, without a place, while engines of others write tables in the catalog of the run, until
 * they say that all is written. What tests and publishes their tables waits for this task.
 */
public final class OutsideKind implements TaskKind {
  private static final String OUTSIDE = "outside";
  private static final Duration PAUSE = Duration.ofSeconds(1);

  @Override
  public String name() {
    return OUTSIDE;
  }

  @Override
  public Localized word() {
    return new Localized("wait for writers", "attente d'écritures");
  }

  @Override
  public List<Shape.Field> keys() {
    return List.of(
        Shape.Field.optional(
            OUTSIDE,
            new Shape.ListOf(new Shape.Text(Format.TABLE), Shape.ListOf.Size.NOT_EMPTY),
            "Tables that engines of others write meanwhile, in the catalog of the run (docs/iceberg.md)."));
  }

  @Override
  public DagFile.Action action(Value.Entries task) {
    List<String> tables =
        task.items(OUTSIDE).texts().stream().map(t -> t.text().toLowerCase(Locale.ROOT)).toList();
    return expansion -> plan(expansion, tables);
  }

  private static void plan(Expansion expansion, List<String> tables) {
    Work work = new Work(OUTSIDE, Map.of()).with("tables", tables);
    for (String table : tables) {
      work = work.writing(table);
    }
    expansion.add(Planned.of(expansion.step(), work));
  }

  @Override
  public TaskResult run(TaskRun run) {
    return run.stages().warehouse().isWritten(run.attempt().runId())
        ? TaskResult.NOTHING
        : new TaskResult.Again(PAUSE, Optional.empty());
  }
}
