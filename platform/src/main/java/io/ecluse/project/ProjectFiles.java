package io.ecluse.project;

import io.ecluse.pipeline.Bundle;
import io.ecluse.project.FolderScan.Found;
import io.ecluse.schema.SqlParser;
import io.ecluse.schema.TableName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Every file of a project, read one by one: each as far as it keeps to its shape, nothing said yet
 * of what they say of each other. Whatever failed is there by name, so that what refers to it is
 * not blamed.
 */
record ProjectFiles(
    Path folder,
    Bundle bundle,
    Value.Entries settings,
    Map<String, Part> sources,
    Map<String, Part> dags,
    Map<TableName, SqlPart> models,
    Map<String, SqlPart> audits,
    Map<String, Part> dashboards,
    List<String> notebooks) {

  /** Where settings are. */
  static final String SETTINGS = "ecluse.yaml";

  /**
   * A YAML file.
   *
   * @param content empty if the file is no YAML at all
   */
  record Part(String path, Optional<Value.Entries> content) {
    /** What it says; nothing if it cannot be read. */
    Value.Entries entries() {
      return content.orElseGet(() -> Value.Entries.none(Position.START));
    }
  }

  /** An SQL file. */
  record SqlPart(String path, SqlFile sql) {}

  /**
   * Where a project is.
   *
   * @param folder the project's
   * @param files where its files lie, which is the folder unless they are those of a bundle
   */
  record Place(Path folder, Path files, Bundle bundle) {}

  static ProjectFiles read(Place at, SqlParser parser, Vocabulary vocabulary, Problems problems) {
    Path folder = at.folder();
    Path place = at.files();
    Bundle bundle = at.bundle();
    FolderScan scan = new FolderScan(place, problems);
    List<Found> models = scan.models();
    if (!models.isEmpty()) {
      // its start takes longer than anything else here, and other files need no SQL
      Thread start = new Thread(() -> parser.read("SELECT 1"), "parser-start");
      start.setDaemon(true);
      start.start();
    }
    return new ProjectFiles(
        folder,
        bundle,
        readSettings(place, vocabulary, problems),
        readYaml(
            scan.files("sources", ".yaml"),
            Shapes.source(vocabulary, PluginForms.in(folder, vocabulary, problems)),
            problems),
        readYaml(scan.files("dags", ".yaml"), Shapes.dag(vocabulary), problems),
        readModels(
            models,
            new SqlFile.Expected(SqlFile.Kind.MODEL, Shapes.model(vocabulary)),
            parser,
            problems),
        readAudits(scan.files("tests", ".sql"), parser, problems),
        readYaml(scan.files("dashboards", ".yaml"), Shapes.DASHBOARD, problems),
        scan.notebooks());
  }

  static Value.Entries readSettings(Path folder, Vocabulary vocabulary, Problems problems) {
    Path file = folder.resolve(SETTINGS);
    Value.Entries none = Value.Entries.none(Position.START);
    if (!Files.isRegularFile(file)) {
      problems.error(
          SETTINGS,
          "There is no ecluse.yaml in " + folder,
          "go to a project's folder, or make one: ecluse init DIR");
      return none;
    }
    return readYaml(file, Shapes.project(vocabulary), problems.in(SETTINGS)).orElse(none);
  }

  private static Map<String, Part> readYaml(List<Found> files, Shape shape, Problems problems) {
    Map<String, Part> parts = new LinkedHashMap<>();
    readEach(
            files,
            file ->
                new Part(
                    file.relative(), readYaml(file.path(), shape, problems.in(file.relative()))))
        .forEach((file, part) -> parts.put(file.name(), part));
    return parts;
  }

  /** On all processors, because reading is most of the time that validation takes. */
  private static <T> Map<Found, T> readEach(List<Found> files, Function<Found, T> read) {
    List<T> parts = files.parallelStream().map(read).toList();
    Map<Found, T> byFile = new LinkedHashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      byFile.put(files.get(i), parts.get(i));
    }
    return byFile;
  }

  private static Optional<Value.Entries> readYaml(
      Path file, Shape shape, Problems.OfFile problems) {
    Optional<String> text = FileText.read(file, problems);
    Optional<Yaml> yaml = text.flatMap(t -> YamlReader.read(t, problems));
    if (yaml.isEmpty() && !problems.areErrors()) {
      problems.error(Position.START, "The file is empty"); // blanks or comments
    }
    return yaml.flatMap(y -> new ShapeReader(problems).read(y, shape))
        .filter(Value.Entries.class::isInstance)
        .map(Value.Entries.class::cast);
  }

  private static Map<TableName, SqlPart> readModels(
      List<Found> files, SqlFile.Expected expected, SqlParser parser, Problems problems) {
    Map<TableName, SqlPart> models = new LinkedHashMap<>();
    readEach(files, file -> readSql(file, expected, parser, problems))
        .forEach(
            (file, part) -> {
              TableName name = new TableName(FolderScan.schema(file), file.name());
              SqlPart first = models.putIfAbsent(name, part);
              if (first != null) {
                problems.error(
                    file.relative(),
                    "The model %s is there a second time".formatted(name),
                    "the first is " + first.path());
                problems.error(
                    first.path(),
                    "The model %s is there twice".formatted(name),
                    "the other is " + file.relative());
              }
            });
    return models;
  }

  private static Map<String, SqlPart> readAudits(
      List<Found> files, SqlParser parser, Problems problems) {
    Map<String, SqlPart> audits = new LinkedHashMap<>();
    SqlFile.Expected expected = new SqlFile.Expected(SqlFile.Kind.AUDIT, Shapes.AUDIT);
    readEach(files, file -> readSql(file, expected, parser, problems))
        .forEach((file, part) -> audits.put(file.name(), part));
    return audits;
  }

  private static SqlPart readSql(
      Found file, SqlFile.Expected expected, SqlParser parser, Problems problems) {
    Problems.OfFile ofFile = problems.in(file.relative());
    SqlFile sql =
        FileText.read(file.path(), ofFile)
            .map(text -> SqlFile.read(text, expected, parser, ofFile))
            .orElseGet(() -> new SqlFile(Optional.empty(), "", List.of(), Set.of()));
    return new SqlPart(file.relative(), sql);
  }
}
