package io.ecluse.flow;

import io.ecluse.project.Format;
import io.ecluse.project.Shape;
import io.ecluse.project.StepCheck;
import io.ecluse.project.Value;
import java.util.List;

/** What the kinds that work on streams of a source share. */
final class StreamTasks {
  static final String SOURCE = "source";
  static final String STREAMS = "streams";

  private StreamTasks() {}

  static List<Shape.Field> keys(String name, String doc) {
    return List.of(
        Shape.Field.optional(name, new Shape.Text(Format.NAME), doc),
        Shape.Field.optional(
            STREAMS,
            new Shape.ListOf(new Shape.Text(Format.STREAM), Shape.ListOf.Size.NOT_EMPTY),
            "Streams of the source; all unless said."));
  }

  static void check(StepCheck step, String name) {
    step.task()
        .text(name)
        .ifPresent(source -> step.requireSource(source, step.task().items(STREAMS).texts()));
  }

  static List<String> streams(Value.Entries task) {
    return task.items(STREAMS).texts().stream().map(Value.Text::text).toList();
  }
}
