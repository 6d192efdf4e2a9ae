package io.ecluse.project;

import io.ecluse.project.Shape.AnyOf;
import io.ecluse.project.Shape.Choice;
import io.ecluse.project.Shape.Decimal;
import io.ecluse.project.Shape.Field;
import io.ecluse.project.Shape.Fields;
import io.ecluse.project.Shape.ListOf;
import io.ecluse.project.Shape.MapOf;
import io.ecluse.project.Shape.Rule;
import io.ecluse.project.Shape.Text;
import io.ecluse.project.Shape.Whole;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The shape of every kind of file of a project. */
final class Shapes {
  private static final Shape ANY_TEXT = new Text(Format.ANY);
  private static final Shape NAME = new Text(Format.NAME);
  private static final Shape DURATION = new Text(Format.DURATION);
  private static final Shape DELAY = new Text(Format.DELAY);
  private static final Shape TEMPLATE = new Text(Format.TEMPLATE);
  private static final Shape SECRET = new Text(Format.SECRET);
  private static final Shape COLUMN = new Text(Format.COLUMN);
  private static final Field DESCRIPTION =
      optional("description", ANY_TEXT, "What this is, for the people who meet it.");

  static final Fields PROJECT = project();
  static final Fields AUDIT = fields("the header of an audit", DESCRIPTION);
  static final Fields DASHBOARD = dashboard();

  private Shapes() {}

  private static Fields project() {
    Fields environment = new Fields("an environment", settings(), List.of());
    return fields(
        "ecluse.yaml",
        required("name", NAME, "The project's name."),
        DESCRIPTION,
        optional(
            "environments",
            new MapOf(Format.NAME, environment),
            "Environments by name, each with the settings that differ in it. Without this key there is one: dev."),
        settings().get(0),
        settings().get(1),
        settings().get(2),
        settings().get(3));
  }

  private static List<Field> settings() {
    Field location =
        optional(
            "location",
            new Text(Format.STORE),
            "A local folder, seen from the project's, s3://bucket/folder or hdfs://host:port/folder.");
    Field format =
        optional(
            "format",
            new Choice(List.of("parquet", "csv")),
            "How new batches are written; parquet unless said.");
    Field keepBatches =
        optional(
            "keep_batches",
            DURATION,
            "How long a batch stays; 7d unless said. The newest of each stream stays always.");
    Field keepSnapshots =
        optional(
            "keep_snapshots",
            DURATION,
            "How far back tables can be read as they were; 30d unless said. The last 5 states of each stay always.");
    return List.of(
        optional(
            "staging",
            fields(
                "staging",
                location,
                format,
                keepBatches,
                optional(
                    "cache",
                    new Text(Format.SIZE),
                    "Most of the local disk for copies of batches that are elsewhere; 10GB unless said."),
                StoreShapes.s3(),
                StoreShapes.hdfs()),
            "Where raw batches go; .ecluse/staging unless said."),
        optional(
            "warehouse",
            fields(
                "warehouse",
                location,
                keepSnapshots,
                optional(
                    "cache",
                    new Text(Format.SIZE),
                    "Most of the local disk for copies of files of tables that are elsewhere; 10GB unless said."),
                StoreShapes.s3(),
                StoreShapes.hdfs()),
            "Where tables live; .ecluse/warehouse unless said."),
        optional(
            "query",
            fields(
                "query",
                optional(
                    "memory_limit",
                    new Text(Format.SIZE),
                    "Memory of one query; a quarter of the machine's, 2 GiB at most, unless said."),
                optional(
                    "threads",
                    new Whole(1, 1024),
                    "Threads of one query; one per processor unless said."),
                optional(
                    "max_rows",
                    new Whole(1, 100_000_000),
                    "Rows that a query may return; 1,000,000 unless said."),
                optional("timeout", DURATION, "How long a query may take; 10m unless said.")),
            "What a query may use."),
        optional(
            "database",
            fields(
                "database",
                required("url", TEMPLATE, "As postgresql://host:5432/name."),
                optional("user", TEMPLATE, "Who signs in."),
                optional("password", SECRET, "A reference to the password.")),
            "An external PostgreSQL for metadata. Without one the platform starts its own."));
  }

  static Fields dag(Vocabulary vocabulary) {
    return fields(
        "a DAG",
        DESCRIPTION,
        optional(
            "schedule",
            new Text(Format.CRON),
            "When it runs by itself, as cron: minute hour day month weekday."),
        optional(
            "timezone", new Text(Format.ZONE), "The time zone of the schedule; UTC unless said."),
        optional(
            "max_parallel_tasks", new Whole(1, 1000), "Tasks of one run at once; 4 unless said."),
        optional("timeout", DURATION, "How long a run may take; 6h unless said."),
        optional(
            "retries", new Whole(0, 100), "How often a failed task is tried again; 2 unless said."),
        optional("retry_delay", DELAY, "The wait before the first retry; 10s unless said."),
        optional(
            "retry_backoff",
            new Decimal(Optional.of(1)),
            "How many times longer each further wait is; 2 unless said."),
        optional("retry_max_delay", DELAY, "The longest wait; 5m unless said."),
        optional(
            "task_timeout", DURATION, "How long one attempt of a task may take; 1h unless said."),
        optional(
            "params",
            new MapOf(
                Format.NAME,
                new AnyOf(List.of(new Shape.Flag(), new Decimal(Optional.empty()), ANY_TEXT))),
            "Parameters of its runs, each with its default. Models and audits name them as ${param:NAME}."),
        required("tasks", new MapOf(Format.NAME, task(vocabulary)), "What to do, by name."));
  }

  /** Of each kind its keys, of which a task may ask for one, and those of every task. */
  private static Fields task(Vocabulary vocabulary) {
    Map<String, Field> fields = new LinkedHashMap<>();
    Map<String, List<String>> usedBy = new LinkedHashMap<>();
    for (TaskForm kind : vocabulary.asked()) {
      for (Field key : kind.keys()) {
        fields.putIfAbsent(key.name(), key);
        if (!key.name().equals(kind.name())) {
          usedBy.computeIfAbsent(key.name(), k -> new ArrayList<>()).add(kind.name());
        }
      }
    }
    List<Field> all = new ArrayList<>(fields.values());
    all.addAll(ofEveryTask());
    List<Rule> rules = new ArrayList<>();
    rules.add(new Rule.AtMostOne(vocabulary.asked().stream().map(TaskForm::name).toList()));
    usedBy.forEach((key, kinds) -> rules.add(new Rule.OnlyWith(key, kinds)));
    return new Fields("a task", all, rules);
  }

  private static List<Field> ofEveryTask() {
    return List.of(
        optional(
            "after",
            new AnyOf(List.of(NAME, new ListOf(NAME, ListOf.Size.ANY))),
            "Tasks to wait for."),
        optional("retries", new Whole(0, 100), "Instead of the DAG's."),
        optional("retry_delay", DELAY, "Instead of the DAG's."),
        optional("retry_backoff", new Decimal(Optional.of(1)), "Instead of the DAG's."),
        optional("retry_max_delay", DELAY, "Instead of the DAG's."),
        optional(
            "timeout",
            DURATION,
            "How long one attempt may take, instead of the DAG's task_timeout."));
  }

  static Fields model(Vocabulary vocabulary) {
    Shape literal = new AnyOf(List.of(new Shape.Flag(), new Decimal(Optional.empty()), ANY_TEXT));
    Shape bound = new AnyOf(List.of(new Decimal(Optional.empty()), new Text(Format.MOMENT)));
    Fields range =
        new Fields(
            "a range",
            List.of(
                optional("min", bound, "The least value: a number, a date or a time."),
                optional("max", bound, "The greatest value; a date with all of its day.")),
            List.of(new Rule.AtLeastOne(List.of("min", "max"))));
    Fields relationship =
        fields(
            "a relationship",
            required("to", new Text(Format.TABLE), "The table that has the value."),
            required("column", COLUMN, "The column of that table."));
    List<String> kinds = List.of("accepted_values", "range", "relationship");
    Fields test =
        new Fields(
            "a test",
            List.of(
                optional(
                    "accepted_values",
                    new ListOf(literal, ListOf.Size.NOT_EMPTY),
                    "The values there may be."),
                optional("range", range, "The bounds of the value."),
                optional("relationship", relationship, "Where the value must be found.")),
            List.of(new Rule.AtMostOne(kinds), new Rule.AtLeastOne(kinds)));
    Shape tests =
        new ListOf(
            new AnyOf(List.of(new Choice(List.of("unique", "not_null")), test)), ListOf.Size.ANY);
    Fields column =
        fields(
            "a column", DESCRIPTION, optional("tests", tests, "Rules that every row must keep."));
    List<Field> all = new ArrayList<>();
    List<Rule> rules = new ArrayList<>();
    all.add(DESCRIPTION);
    all.add(
        optional(
            "materialized",
            new Choice(List.copyOf(vocabulary.materializations().keySet())),
            "What the model becomes; a %s unless said."
                .formatted(vocabulary.usualMaterialization())));
    all.add(partition());
    all.add(sort("The order of its rows within what is written at once."));
    all.add(optional("columns", new MapOf(Format.COLUMN, column), "What is known of its columns."));
    for (MaterializationForm kind : vocabulary.materializations().values()) {
      all.addAll(kind.keys());
      kind.keys().forEach(k -> rules.add(new Rule.OnlyWhen(k.name(), "materialized", kind.name())));
    }
    return new Fields("the header of a model", all, rules);
  }

  static Field partition() {
    return optional(
        "partition",
        new Text(Format.PARTITION),
        "What has files of its own in the table: month(date), bucket(16, id), campus.");
  }

  static Field sort(String doc) {
    return optional("sort", new Text(Format.SORT), doc);
  }

  private static Fields dashboard() {
    Fields localized =
        fields(
            "a text in two languages",
            required("en", new Text(Format.WORDS), "In English."),
            required("fr", new Text(Format.WORDS), "In French."));
    Shape label = new AnyOf(List.of(new Text(Format.WORDS), localized));
    Shape labels = new MapOf(Format.WORDS, label);
    Fields tile =
        new Fields(
            "a tile",
            List.of(
                required("id", NAME, "The tile's name within the dashboard."),
                required("title", label, "What the tile shows."),
                required(
                    "kind",
                    new Choice(
                        List.of(
                            "number",
                            "bar",
                            "stacked_bar",
                            "line",
                            "pie",
                            "heatmap",
                            "table",
                            "scatter")),
                    "How it is drawn."),
                required("query", new Text(Format.WORDS), "The SQL that gives its rows."),
                optional("x", COLUMN, "The column of the axis; of a heatmap, its columns."),
                optional("y", COLUMN, "The column of the measure."),
                optional(
                    "series",
                    COLUMN,
                    "The column that tells series apart; of a heatmap, its rows."),
                optional("unit", ANY_TEXT, "The unit of the measure."),
                optional(
                    "format",
                    new Choice(List.of("integer", "decimal", "percent")),
                    "How the measure is written."),
                optional(
                    "x_format",
                    new Choice(List.of("integer", "decimal", "percent", "weekday")),
                    "How values of x are written; weekday tells 1 to 7 as Monday to Sunday."),
                optional("labels", labels, "Like those of the dashboard, for this tile."),
                optional("width", new Whole(1, 12), "Columns of the grid of 12; 6 unless said."),
                optional("note", label, "What to know when reading it.")),
            List.of(
                new Rule.RequiredWhen(
                    "kind",
                    List.of("bar", "stacked_bar", "line", "pie", "heatmap", "scatter"),
                    List.of("x", "y")),
                new Rule.RequiredWhen(
                    "kind", List.of("stacked_bar", "heatmap"), List.of("series"))));
    return fields(
        "a dashboard",
        required("title", label, "The dashboard's title."),
        optional("description", label, "What it answers."),
        optional(
            "labels", labels, "What words of the data, and names of columns, are called in tiles."),
        required("tiles", new ListOf(tile, ListOf.Size.NOT_EMPTY), "Its tiles, in order."));
  }

  static Fields fields(String what, Field... fields) {
    return new Fields(what, List.of(fields), List.of());
  }

  static Field required(String name, Shape shape, String doc) {
    return Field.required(name, shape, doc);
  }

  static Field optional(String name, Shape shape, String doc) {
    return Field.optional(name, shape, doc);
  }
}
