package io.ecluse.flow;

import io.ecluse.pipeline.Work;
import io.ecluse.project.Localized;
import io.ecluse.scheduler.TaskResult;

/** Does nothing; a point where edges meet. */
public final class EmptyKind implements TaskKind {
  @Override
  public String name() {
    return Work.EMPTY.kind();
  }

  @Override
  public Localized word() {
    return new Localized("empty", "vide");
  }

  @Override
  public TaskResult run(TaskRun run) {
    return TaskResult.NOTHING;
  }
}
