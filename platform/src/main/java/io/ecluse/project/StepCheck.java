package io.ecluse.project;

import io.ecluse.error.EcluseException;
import io.ecluse.error.Nearest;
import io.ecluse.project.ProjectFiles.Part;
import io.ecluse.project.ProjectFiles.SqlPart;
import io.ecluse.schema.TableName;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One task of a DAG file, for the kind that checks what it refers to. */
public final class StepCheck {
  private final String name;
  private final Dag dag;

  StepCheck(String name, Dag dag) {
    this.name = name;
    this.dag = dag;
  }

  /**
   * The file.
   *
   * @param after all that each task waits for, directly or not
   */
  record Dag(
      ProjectFiles files,
      ModelGraph models,
      Value.Entries tasks,
      Map<String, Set<String>> after,
      Set<String> params,
      Problems.OfFile problems) {}

  public String name() {
    return name;
  }

  public Value.Entries task() {
    return dag.tasks().entries(name);
  }

  public void error(Position at, String message) {
    dag.problems().error(at, message);
  }

  public void error(Position at, String message, String hint) {
    dag.problems().error(at, message, hint);
  }

  public void warning(Position at, String message, String hint) {
    dag.problems().warning(at, message, hint);
  }

  /** Where the task stands. */
  public Position at() {
    return dag.tasks().keyAt(name);
  }

  /** The tasks of this DAG, this one too, that have this text under a key. */
  public Set<String> tasksWith(String key, String text) {
    Set<String> found = new TreeSet<>();
    for (String other : dag.tasks().values().keySet()) {
      if (dag.tasks().entries(other).text(key).filter(t -> t.text().equals(text)).isPresent()) {
        found.add(other);
      }
    }
    return found;
  }

  /** Whether this task begins only when another has ended. */
  public boolean waitsFor(String other) {
    return dag.after().getOrDefault(name, Set.of()).contains(other);
  }

  /** Whether there is such a source, with errors or without. */
  public boolean isSource(String source) {
    return dag.files().sources().containsKey(source);
  }

  /** There must be such a source, and if it lists its streams, these among them. */
  public void requireSource(Value.Text source, List<Value.Text> wanted) {
    Part part = dag.files().sources().get(source.text());
    if (part == null) {
      dag.problems()
          .error(
              source.at(),
              "There is no source '%s'".formatted(source.text()),
              Nearest.hint(source.text(), dag.files().sources().keySet())
                  .or(() -> Optional.of("add sources/" + source.text() + ".yaml")));
      return;
    }
    Collection<String> streams =
        part.content().map(content -> content.entries("streams").keys().keySet()).orElse(Set.of());
    Set<String> seen = new HashSet<>();
    for (Value.Text stream : wanted) {
      if (!seen.add(stream.text())) {
        error(stream.at(), "The stream '%s' comes a second time".formatted(stream.text()));
      } else if (!streams.isEmpty() && !streams.contains(stream.text())) {
        dag.problems()
            .error(
                stream.at(),
                "The source %s has no stream '%s'".formatted(source.text(), stream.text()),
                Nearest.hint(stream.text(), streams));
      }
    }
  }

  /** The selector must select models, whose parameters this DAG declares. */
  public void requireModels(Value.Text selector) {
    try {
      for (TableName model : dag.models().select(selector.text())) {
        requireParams(selector, dag.files().models().get(model));
      }
    } catch (EcluseException e) {
      error(selector.at(), String.valueOf(e.getMessage()));
    }
  }

  /** The selector must select audits, whose parameters this DAG declares. */
  public void requireAudits(Value.Text selector) {
    try {
      for (String part : selector.text().split(",", -1)) {
        Map<String, SqlPart> audits = dag.files().audits();
        for (String audit : ModelGraph.matching("audit", part.strip(), audits.keySet())) {
          requireParams(selector, audits.get(audit));
        }
      }
    } catch (EcluseException e) {
      error(selector.at(), String.valueOf(e.getMessage()));
    }
  }

  private void requireParams(Value.Text selector, @Nullable SqlPart part) {
    if (part == null) {
      return;
    }
    for (String param : part.sql().params()) {
      if (!dag.params().contains(param)) {
        error(
            selector.at(),
            "%s names the parameter '%s', which this DAG does not declare"
                .formatted(part.path(), param),
            Nearest.of(param, dag.params())
                .map(nearest -> "did you mean " + nearest + "?")
                .orElse("add params: { " + param + ": … } with its default"));
      }
    }
  }
}
