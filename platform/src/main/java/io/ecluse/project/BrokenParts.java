package io.ecluse.project;

import io.ecluse.project.BrokenFile.Kind;
import io.ecluse.project.ProjectFiles.Part;
import io.ecluse.project.ProjectFiles.SqlPart;
import io.ecluse.schema.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Finds the files with errors among those of a project. */
final class BrokenParts {
  private final ProjectFiles files;
  private final Tables tables;
  private final Problems problems;
  private final Map<String, List<Problem>> errors;
  private final List<BrokenFile> broken = new ArrayList<>();

  BrokenParts(ProjectFiles files, Tables tables, Problems problems) {
    this.files = files;
    this.tables = tables;
    this.problems = problems;
    this.errors = problems.errorsByFile();
  }

  BrokenFiles files() {
    files.sources().forEach((name, part) -> add(Kind.SOURCE, name, part));
    files.dags().forEach((id, part) -> add(Kind.DAG, id, part));
    files.dashboards().forEach((id, part) -> add(Kind.DASHBOARD, id, part));
    files.models().forEach((name, part) -> add(Kind.MODEL, name.toString(), part));
    files.audits().forEach((name, part) -> add(Kind.AUDIT, name, part));
    return new BrokenFiles(broken);
  }

  private void add(Kind kind, String name, Part part) {
    add(new BrokenFile(kind, name, part.path(), Set.of(), errorsOf(part.path())));
  }

  private void add(Kind kind, String name, SqlPart part) {
    if (problems.isBroken(part.path())) {
      add(new BrokenFile(kind, name, part.path(), reads(part), errorsOf(part.path())));
    }
  }

  private void add(BrokenFile file) {
    if (problems.isBroken(file.path())) {
      broken.add(file);
    }
  }

  private List<Problem> errorsOf(String path) {
    return errors.getOrDefault(path, List.of());
  }

  /**
   * What the SQL reads; of a text that is no SQL, the tables whose names stand in it: an audit that
   * nobody can read guards them all the same.
   */
  private Set<TableName> reads(SqlPart part) {
    Set<TableName> reads = new TreeSet<>();
    part.sql().references().forEach(r -> tables.find(r.table()).ifPresent(reads::add));
    if (part.sql().references().isEmpty()) {
      reads.addAll(tables.namedIn(part.sql().sql()));
    }
    return reads;
  }
}
