package io.ecluse.transform;

import io.ecluse.project.ColumnTest;
import io.ecluse.project.ModelFile;
import io.ecluse.schema.TableName;
import io.ecluse.text.Sha256;
import io.ecluse.warehouse.Fence;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;

/**
 * What models were made from, by table and run, so that one can be left as it is that would come
 * out the same. Safe for use by several threads.
 */
public final class ModelStates {
  /** Runs that may still be rolled back to; without its row, a model is built. */
  private static final int KEPT_DAYS = 90;

  private final Jdbi jdbi;
  private final String environment;
  private final Fence fence;

  public ModelStates(Jdbi jdbi, String environment) {
    this(jdbi, environment, Fence.NONE);
  }

  private ModelStates(Jdbi jdbi, String environment, Fence fence) {
    this.jdbi = jdbi;
    this.environment = environment;
    this.fence = fence;
  }

  /** The same, for a writer that keeps some only while the fence lets it. */
  public ModelStates behind(Fence guard) {
    return new ModelStates(jdbi, environment, guard);
  }

  /**
   * What a run made a model from.
   *
   * @param madeFrom of {@link #madeFrom}
   * @param inputs the run that made each table that was read, those behind views too
   */
  public record State(String madeFrom, Map<TableName, String> inputs) {
    public State {
      inputs = Map.copyOf(inputs);
    }
  }

  /** A table, and the run that made a state of it. */
  public record Made(TableName table, String runId) {}

  /** Stands for all that a model's file says, its header too, and for the platform's version. */
  static String madeFrom(ModelFile model) {
    return Sha256.of(model + "\n" + ModelStates.class.getPackage().getImplementationVersion());
  }

  /** The tables on which it depends what a model holds, and how its tests go. */
  static Set<TableName> inputs(ModelFile model) {
    Set<TableName> inputs = new TreeSet<>();
    model.upstream().forEach(table -> inputs.add(table.lower()));
    for (ModelFile.Column column : model.columns().values()) {
      for (ColumnTest test : column.tests()) {
        if (test instanceof ColumnTest.Relationship relationship) {
          inputs.add(relationship.to().lower());
        }
      }
    }
    inputs.remove(model.name().lower());
    return inputs;
  }

  /**
   * Writes down what a run made a table from; a second time replaces the first.
   *
   * @throws io.ecluse.error.EcluseException ATTEMPT_OVERTAKEN by the fence
   */
  void keep(String runId, TableName table, State state) {
    Map<TableName, String> inputs = new TreeMap<>(state.inputs());
    jdbi.useTransaction(
        h -> {
          fence.hold(h.getConnection());
          h.execute(
              "DELETE FROM model_state WHERE environment = ? AND namespace = ? AND name = ? AND (run_id = ? OR built_at < now() - make_interval(days => ?))",
              environment,
              table.schema(),
              table.name(),
              runId,
              KEPT_DAYS);
          h.createUpdate(
                  """
                  INSERT INTO model_state
                    (environment, namespace, name, run_id, made_from, input_names, input_states)
                  VALUES (:environment, :schema, :name, :run, :from, :names, :states)
                  """)
              .bind("environment", environment)
              .bind("schema", table.schema())
              .bind("name", table.name())
              .bind("run", runId)
              .bind("from", state.madeFrom())
              .bindArray(
                  "names", String.class, inputs.keySet().stream().map(Object::toString).toArray())
              .bindArray("states", String.class, inputs.values().toArray())
              .execute();
        });
  }

  /** What is known of these. */
  Map<Made, State> of(Set<Made> wanted) {
    Set<String> runs = wanted.stream().map(Made::runId).collect(Collectors.toSet());
    Map<Made, State> states = new HashMap<>();
    jdbi.useHandle(
        h ->
            h.createQuery(
                    """
                    SELECT namespace, name, run_id, made_from, input_names, input_states
                    FROM model_state WHERE environment = :environment AND run_id = ANY (:runs)
                    """)
                .bind("environment", environment)
                .bindArray("runs", String.class, runs.toArray())
                .map(
                    (rs, c) -> {
                      String[] names = (String[]) rs.getArray(5).getArray();
                      String[] inputs = (String[]) rs.getArray(6).getArray();
                      Map<TableName, String> all = new HashMap<>();
                      for (int i = 0; i < names.length; i++) {
                        all.put(TableName.parse(names[i]), inputs[i]);
                      }
                      Made made =
                          new Made(
                              new TableName(rs.getString(1), rs.getString(2)), rs.getString(3));
                      return Map.entry(made, new State(rs.getString(4), all));
                    })
                .forEach(found -> states.put(found.getKey(), found.getValue())));
    states.keySet().retainAll(wanted);
    return states;
  }
}
