package io.ecluse.flow;

import io.ecluse.pipeline.Work;
import io.ecluse.project.AuditFile;
import io.ecluse.project.BrokenFile;
import io.ecluse.project.Compute;
import io.ecluse.project.DagFile;
import io.ecluse.project.Expansion;
import io.ecluse.project.Expansion.Planned;
import io.ecluse.project.Format;
import io.ecluse.project.Localized;
import io.ecluse.project.ModelGraph;
import io.ecluse.project.Project;
import io.ecluse.project.Shape;
import io.ecluse.project.SqlParams;
import io.ecluse.project.StepCheck;
import io.ecluse.project.Value;
import io.ecluse.scheduler.TaskResult;
import io.ecluse.schema.TableName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Runs free-form audits: queries that must return no row. */
public final class AuditKind implements TaskKind {
  /** The schema under which outcomes of free-form audits are kept. */
  public static final String AUDITS = "audits";

  private static final String AUDIT = "audit";
  private static final String NAME = "name";

  @Override
  public String name() {
    return AUDIT;
  }

  @Override
  public Localized word() {
    return new Localized("audit", "audit");
  }

  @Override
  public List<Shape.Field> keys() {
    return List.of(
        Shape.Field.optional(
            AUDIT, new Shape.Text(Format.SELECTOR), "Audits to run: a name, or *."));
  }

  @Override
  public void check(StepCheck step) {
    step.task().text(AUDIT).ifPresent(step::requireAudits);
  }

  @Override
  public DagFile.Action action(Value.Entries task) {
    String selector = task.text(AUDIT, "");
    return expansion -> expand(expansion, selector);
  }

  private static void expand(Expansion expansion, String selector) {
    Project project = expansion.project();
    Set<String> all = new TreeSet<>(project.audits().keySet());
    all.addAll(project.broken().of(BrokenFile.Kind.AUDIT).keySet());
    Set<String> names = new TreeSet<>();
    for (String part : selector.split(",", -1)) {
      names.addAll(ModelGraph.matching(AUDIT, part.strip(), all));
    }
    for (String name : names) {
      Optional<AuditFile> file = file(project, name);
      expansion.add(
          new Planned(
              "audit." + name,
              expansion.computed(new Work(AUDIT, Map.of(NAME, name)), Compute.UNSAID),
              file.map(AuditFile::upstream).orElse(Set.of()),
              ModelTasks.order(file.isPresent())));
    }
  }

  private static Optional<AuditFile> file(Project project, String name) {
    return Optional.ofNullable(project.audits().get(name));
  }

  @Override
  public Set<String> params(Work work, Project project) {
    return file(project, work.text(NAME)).map(f -> SqlParams.names(f.sql())).orElse(Set.of());
  }

  @Override
  public TaskResult run(TaskRun run) {
    AuditFile written = run.project().audit(run.work().text(NAME));
    AuditFile audit = written.withSql(SqlParams.bind(written.sql(), run.attempt().params()));
    return run.judged(
        new TableName(AUDITS, audit.name()),
        List.of(run.stages().models().audit(run.errand(), audit)));
  }
}
