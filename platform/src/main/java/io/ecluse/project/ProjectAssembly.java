package io.ecluse.project;

import io.ecluse.project.ProjectFiles.Part;
import io.ecluse.project.ProjectFiles.SqlPart;
import io.ecluse.schema.Layout;
import io.ecluse.schema.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Makes the project of the files in which nothing is wrong; the others are known by name.
 *
 * @param readByQueries the tables that the queries of tiles read, by their text
 */
record ProjectAssembly(
    ProjectFiles files,
    Tables tables,
    Vocabulary vocabulary,
    Problems problems,
    Map<String, Set<TableName>> readByQueries) {
  Project project() {
    Map<String, SourceFile> sources = new HashMap<>();
    usable(files.sources(), Part::path)
        .forEach(
            (name, part) -> sources.put(name, SourceFile.of(name, part.path(), content(part))));
    Map<String, DagFile> dags = new HashMap<>();
    usable(files.dags(), Part::path)
        .forEach((id, part) -> dags.put(id, DagAssembly.dag(id, part, vocabulary)));
    Map<TableName, ModelFile> models = new HashMap<>();
    usable(files.models(), SqlPart::path)
        .forEach((name, part) -> models.put(name, model(name, part)));
    Map<String, AuditFile> audits = new HashMap<>();
    usable(files.audits(), SqlPart::path)
        .forEach((name, part) -> audits.put(name, audit(name, part)));
    Map<String, DashboardFile> dashboards = new HashMap<>();
    usable(files.dashboards(), Part::path)
        .forEach((id, part) -> dashboards.put(id, dashboard(id, part)));
    Value.Entries settings = files.settings();
    return new Project(
        files.folder(),
        files.bundle(),
        settings.text("name", ""),
        settings.text("description", ""),
        new SettingsAssembly(files.folder(), settings).byEnvironment(),
        sources,
        dags,
        models,
        audits,
        dashboards,
        files.notebooks(),
        vocabulary,
        new BrokenParts(files, tables, problems).files());
  }

  private <K, P> Map<K, P> usable(Map<K, P> parts, Function<P, String> path) {
    Map<K, P> usable = new LinkedHashMap<>(parts);
    usable.values().removeIf(part -> problems.isBroken(path.apply(part)));
    return usable;
  }

  private ModelFile model(TableName name, SqlPart part) {
    Value.Entries header = part.sql().header().orElseThrow();
    Value.Entries columns = header.entries("columns");
    Map<String, ModelFile.Column> named = new LinkedHashMap<>();
    for (String column : columns.values().keySet()) {
      Value.Entries content = columns.entries(column);
      named.put(
          column,
          new ModelFile.Column(
              column, content.text("description", ""), tests(content.items("tests").items())));
    }
    return new ModelFile(
        name,
        part.path(),
        header.text("description", ""),
        materialized(header),
        layout(header),
        Compute.of(header),
        named,
        part.sql().sql(),
        part.sql().references(),
        upstream(part));
  }

  /** How a table is to be laid out, as far as that is said. */
  static Layout layout(Value.Entries content) {
    return new Layout(
        content.word("partition").map(Layout::partition).orElse(List.of()),
        content.word("sort").map(Layout::sort).orElse(List.of()));
  }

  private ModelFile.Materialized materialized(Value.Entries header) {
    String word = header.text("materialized", vocabulary.usualMaterialization());
    Map<String, String> texts = new LinkedHashMap<>();
    Map<String, List<String>> lists = new LinkedHashMap<>();
    for (Shape.Field key : Objects.requireNonNull(vocabulary.materializations().get(word)).keys()) {
      Optional<Value> value = header.value(key.name());
      value.flatMap(Value::asText).ifPresent(text -> texts.put(key.name(), text));
      value
          .filter(Value.Items.class::isInstance)
          .map(Value.Items.class::cast)
          .ifPresent(
              items ->
                  lists.put(key.name(), items.texts().stream().map(Value.Text::text).toList()));
    }
    return new ModelFile.Materialized(word, texts, lists);
  }

  private AuditFile audit(String name, SqlPart part) {
    String description =
        part.sql().header().map(header -> header.text("description", "")).orElse("");
    return new AuditFile(name, part.path(), description, part.sql().sql(), upstream(part));
  }

  private Set<TableName> upstream(SqlPart part) {
    Set<TableName> upstream = new TreeSet<>();
    part.sql().references().forEach(r -> tables.find(r.table()).ifPresent(upstream::add));
    return upstream;
  }

  private List<ColumnTest> tests(List<Value> values) {
    List<ColumnTest> tests = new ArrayList<>();
    for (Value value : values) {
      if (value instanceof Value.Text text) {
        tests.add(
            text.text().equals("unique") ? new ColumnTest.Unique() : new ColumnTest.NotNull());
      } else if (value instanceof Value.Entries entries) {
        tests.add(test(entries));
      } else {
        throw new AssertionError("Unhandled " + value);
      }
    }
    return tests;
  }

  private ColumnTest test(Value.Entries test) {
    if (test.has("range")) {
      Value.Entries range = test.entries("range");
      return RangeBounds.of(range).range();
    } else if (test.has("relationship")) {
      Value.Entries relationship = test.entries("relationship");
      TableName written = TableName.find(relationship.text("to", "")).orElseThrow();
      return new ColumnTest.Relationship(
          tables.find(written).orElseThrow(), relationship.text("column", ""));
    }
    List<ColumnTest.Literal> literals = new ArrayList<>();
    test.items("accepted_values").items().forEach(value -> literals.add(literal(value)));
    return new ColumnTest.AcceptedValues(literals);
  }

  private static ColumnTest.Literal literal(Value value) {
    if (value instanceof Value.Text text) {
      return new ColumnTest.Literal.Text(text.text());
    } else if (value instanceof Value.Decimal number) {
      return new ColumnTest.Literal.Numeric(number.number());
    } else if (value instanceof Value.Flag flag) {
      return new ColumnTest.Literal.Flag(flag.flag());
    }
    throw new AssertionError("Unhandled " + value);
  }

  private DashboardFile dashboard(String id, Part part) {
    Value.Entries content = content(part);
    List<DashboardFile.Tile> tiles = new ArrayList<>();
    Map<String, Localized> labels = labels(content);
    content.items("tiles").items().forEach(tile -> tiles.add(tile((Value.Entries) tile, labels)));
    return new DashboardFile(
        id, part.path(), localized(content, "title"), localized(content, "description"), tiles);
  }

  private static Map<String, Localized> labels(Value.Entries entries) {
    Map<String, Localized> labels = new LinkedHashMap<>();
    Value.Entries given = entries.entries("labels");
    given.keys().keySet().forEach(word -> labels.put(word, localized(given, word)));
    return labels;
  }

  private DashboardFile.Tile tile(Value.Entries tile, Map<String, Localized> ofDashboard) {
    Map<String, Localized> labels = new LinkedHashMap<>(ofDashboard);
    labels.putAll(labels(tile));
    return new DashboardFile.Tile(
        tile.text("id", ""),
        localized(tile, "title"),
        constant(DashboardFile.Kind.class, tile.text("kind", "")),
        tile.text("query", "").strip(),
        readByQueries.getOrDefault(tile.text("query", ""), Set.of()),
        text(tile, "x"),
        text(tile, "y"),
        text(tile, "series"),
        text(tile, "unit"),
        text(tile, "format").map(format -> constant(DashboardFile.Format.class, format)),
        text(tile, "x_format").map(format -> constant(DashboardFile.AxisFormat.class, format)),
        labels,
        tile.whole("width").orElse(6),
        localized(tile, "note"));
  }

  private static Localized localized(Value.Entries entries, String key) {
    Value.Entries languages = entries.entries(key);
    return languages.has("en")
        ? new Localized(languages.text("en", ""), languages.text("fr", ""))
        : text(entries, key).map(Localized::of).orElse(Localized.EMPTY);
  }

  private static Optional<String> text(Value.Entries entries, String key) {
    return entries.text(key).map(Value.Text::text);
  }

  /** The constant that a file spells in lower case. */
  static <E extends Enum<E>> E constant(Class<E> type, String word) {
    return Enum.valueOf(type, word.toUpperCase(Locale.ROOT));
  }

  private static Value.Entries content(Part part) {
    return part.content().orElseThrow();
  }
}
