package io.ecluse.transform;

import io.ecluse.engine.Engine;
import io.ecluse.project.ModelFile;
import io.ecluse.project.Project;
import io.ecluse.project.SqlParams;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.PublishedTable;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.TableSnapshot;
import io.ecluse.warehouse.Warehouse;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which models a build may leave as they are: what is published was made from the same file, and
 * from the same states of all that it reads. It has passed its tests then, as nothing else is
 * published.
 *
 * <p>Nothing is written down, and so the model is always built, if its SQL tells another thing at
 * another time (of chance, the clock, the session), if it has parameters of the run, reads a view
 * of such a kind, or a table that another program has written. Safe for use by several threads.
 */
public final class Unchanged {
  private final Warehouse warehouse;
  private final Engine engine;
  private final ModelStates states;

  public Unchanged(Warehouse warehouse, Engine engine, ModelStates states) {
    this.warehouse = warehouse;
    this.engine = engine;
    this.states = states;
  }

  /** What a run is about to make a model from; empty if nobody could tell it again. */
  Optional<ModelStates.State> now(String runId, ModelFile written) {
    if (!SqlParams.names(written.sql()).isEmpty() || !engine.isSteady(written.sql())) {
      return Optional.empty();
    }
    Map<TableName, String> inputs = new HashMap<>();
    for (TableSnapshot read :
        warehouse.snapshots(ModelStates.inputs(written), new ReadView.OfRun(runId)).values()) {
      boolean steady = read.view().map(view -> engine.isSteady(view.sql())).orElse(true);
      if (!steady || read.runId().isEmpty()) {
        return Optional.empty();
      }
      inputs.put(read.table().lower(), read.runId().get());
    }
    return Optional.of(new ModelStates.State(ModelStates.madeFrom(written), inputs));
  }

  /**
   * Those of the models that would come out as they are published.
   *
   * @param selected each after those that it reads
   */
  public Set<TableName> among(Project project, List<TableName> selected) {
    Map<TableName, String> published = new HashMap<>();
    for (PublishedTable table : warehouse.tables()) {
      table.runId().ifPresent(run -> published.put(table.name().lower(), run));
    }
    Set<ModelStates.Made> made = new HashSet<>();
    selected.forEach(model -> made(model, published).ifPresent(made::add));
    Map<ModelStates.Made, ModelStates.State> known = states.of(made);
    Set<TableName> built = new HashSet<>();
    Set<TableName> unchanged = new TreeSet<>();
    for (TableName name : selected) {
      Optional<ModelStates.State> state =
          made(name, published).flatMap(m -> Optional.ofNullable(known.get(m)));
      boolean same =
          Optional.ofNullable(project.models().get(name))
              .filter(file -> state.isPresent())
              .filter(file -> state.get().madeFrom().equals(ModelStates.madeFrom(file)))
              .filter(file -> isSame(state.get().inputs(), published, built))
              .isPresent();
      if (same) {
        unchanged.add(name);
      } else {
        built.add(name.lower());
      }
    }
    return unchanged;
  }

  private static Optional<ModelStates.Made> made(
      TableName model, Map<TableName, String> published) {
    return Optional.ofNullable(published.get(model.lower()))
        .map(run -> new ModelStates.Made(model.lower(), run));
  }

  /** What was read is what is there, and nothing of it will be made anew before. */
  private static boolean isSame(
      Map<TableName, String> inputs, Map<TableName, String> published, Set<TableName> built) {
    return inputs.entrySet().stream()
        .allMatch(
            input ->
                input.getValue().equals(published.get(input.getKey()))
                    && !built.contains(input.getKey()));
  }
}
