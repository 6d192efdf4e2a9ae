package io.ecluse.flow;

import io.ecluse.pipeline.Dag;
import io.ecluse.pipeline.Task;
import io.ecluse.schema.TableName;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a DAG writes: the schemas of its tables. Of two runs that write the same schema, one waits.
 */
public final class Writes {
  private Writes() {}

  public static Set<String> of(Dag dag) {
    Set<String> schemas = new TreeSet<>();
    for (Task task : dag.tasks()) {
      task.work().writes().forEach(table -> schemas.add(TableName.parse(table).schema()));
    }
    return schemas;
  }
}
