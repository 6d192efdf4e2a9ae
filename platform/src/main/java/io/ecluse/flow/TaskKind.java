package io.ecluse.flow;

import io.ecluse.project.TaskForm;
import io.ecluse.scheduler.TaskResult;

/**
 * A kind of task: what files may say of it, what tasks that becomes, how they are shown, and how
 * they run. One is registered by its name, and known nowhere else. Stateless.
 */
public interface TaskKind extends TaskForm {
  /**
   * Does the work of one task, as {@link io.ecluse.scheduler.TaskRunner} asks for it: it can be cut
   * off anywhere and run again.
   */
  TaskResult run(TaskRun run) throws Exception;
}
