package io.ecluse.project;

import io.ecluse.project.Shape.Field;
import io.ecluse.project.Shape.Fields;
import io.ecluse.project.Shape.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The shape of every kind of file of a project. */
final class Shapes {
  private static final String SETTINGS =
      """
      staging: {staging}  Where raw batches go; .ecluse/staging unless said.
        location: store  A local folder, seen from the project's, s3://bucket/folder or hdfs://host:port/folder.
        format: parquet|csv  How new batches are written; parquet unless said.
        keep_batches: duration  How long a batch stays; 7d unless said. The newest of each stream stays always.
        cache: size  Most of the local disk for copies of batches that are elsewhere; 10GB unless said.
      """
          + SourceKeys.STORES.indent(2)
          + """
          warehouse: {warehouse}  Where tables live; .ecluse/warehouse unless said.
            location: store  A local folder, seen from the project's, s3://bucket/folder or hdfs://host:port/folder.
            keep_snapshots: duration  How far back tables can be read as they were; 30d unless said. The last 5 states of each stay always.
            cache: size  Most of the local disk for copies of files of tables that are elsewhere; 10GB unless said.
          """
          + SourceKeys.STORES.indent(2)
          + """
          query: {query}  What a query may use.
            memory_limit: size  Memory of one query; a quarter of the machine's, 2 GiB at most, unless said.
            threads: 1..1024  Threads of one query; one per processor unless said.
            max_rows: 1..100000000  Rows that a query may return; 1,000,000 unless said.
            timeout: duration  How long a query may take; 10m unless said.
          database: {database}  An external PostgreSQL for metadata. Without one the platform starts its own.
            url!: template  As postgresql://host:5432/name.
            user: template  Who signs in.
            password: secret  A reference to the password.
          """;

  private static final String COMPUTE =
      """
      engine: auto|duckdb|spark  What %s is built and tested by; %s
      cluster: name  On which of the project's clusters, if that is Spark; %s
      """;

  private static final String COMPUTE_OF_PROJECT =
      COMPUTE.formatted(
              "a model",
              "auto unless said: DuckDB, unless there are clusters and it needs more than this machine has.",
              "the only one there is unless said, or this machine.")
          + "clusters: map name @cluster  Where Spark runs, by name.\n";

  private static final String OF_EVERY_TASK =
      """
      after: name or [name]  Tasks to wait for.
      retries: 0..100  Instead of the DAG's.
      retry_delay: delay  Instead of the DAG's.
      retry_backoff: number>=1  Instead of the DAG's.
      retry_max_delay: delay  Instead of the DAG's.
      timeout: duration  How long one attempt may take, instead of the DAG's task_timeout.
      queue: name  From which processes take it, instead of the DAG's.
      """;

  static final Fields AUDIT = Keys.of("the header of an audit", SourceKeys.DESCRIPTION);
  static final Fields DASHBOARD = dashboard();

  private Shapes() {}

  static Fields project(Vocabulary vocabulary) {
    Map<String, Fields> kinds = new LinkedHashMap<>();
    vocabulary.clusters().forEach((word, form) -> kinds.put(word, form.shape()));
    Shape cluster = new Shape.Variants("a cluster", "type", kinds);
    Map<String, Shape> given = Map.of("s3", SourceKeys.s3(), "cluster", cluster);
    return Keys.of(
        "ecluse.yaml",
        """
        name!: name  The project's name.
        description: any  What this is, for the people who meet it.
        environments: map name @environment  Environments by name, each with the settings that differ in it. Without this key there is one: dev.
        """
            + SETTINGS
            + COMPUTE_OF_PROJECT,
        Map.of(
            "s3",
            SourceKeys.s3(),
            "cluster",
            cluster,
            "environment",
            Keys.of("an environment", SETTINGS + COMPUTE_OF_PROJECT, given)));
  }

  /**
   * @param more types that plug-ins bring
   */
  static Shape source(Vocabulary vocabulary, Map<String, Fields> more) {
    Map<String, Fields> types = new LinkedHashMap<>();
    vocabulary.sources().forEach((word, form) -> types.put(word, form.shape()));
    types.putAll(more);
    return new Shape.Variants("a source", "type", types);
  }

  static Fields dag(Vocabulary vocabulary) {
    return Keys.of(
        "a DAG",
        SourceKeys.DESCRIPTION
            + """
            schedule: cron  When it runs by itself, as cron: minute hour day month weekday.
            timezone: zone  The time zone of the schedule; UTC unless said.
            max_parallel_tasks: 1..1000  Tasks of one run at once; 4 unless said.
            timeout: duration  How long a run may take; 6h unless said.
            retries: 0..100  How often a failed task is tried again; 2 unless said.
            retry_delay: delay  The wait before the first retry; 10s unless said.
            retry_backoff: number>=1  How many times longer each further wait is; 2 unless said.
            retry_max_delay: delay  The longest wait; 5m unless said.
            task_timeout: duration  How long one attempt of a task may take; 1h unless said.
            queue: name  From which processes take its tasks, of which each may take from some alone; default unless said.
            params: map name flag or number or any  Parameters of its runs, each with its default. Models and audits name them as ${param:NAME}.
            tasks!: map name @task  What to do, by name.
            """
            + COMPUTE.formatted(
                "a model", "the project's unless said.", "the project's unless said."),
        Map.of("task", task(vocabulary)));
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
    all.addAll(Keys.list(OF_EVERY_TASK, Map.of()));
    List<Rule> rules = new ArrayList<>();
    rules.add(new Rule.AtMostOne(vocabulary.asked().stream().map(TaskForm::name).toList()));
    usedBy.forEach((key, kinds) -> rules.add(new Rule.OnlyWith(key, kinds)));
    return new Fields("a task", all, rules);
  }

  static Fields model(Vocabulary vocabulary) {
    Map<String, Shape> given =
        Map.of(
            "range",
            Keys.of(
                    "a range",
                    """
                    min: number or moment  The least value: a number, a date or a time.
                    max: number or moment  The greatest value; a date with all of its day.
                    """)
                .with(new Rule.AtLeastOne(List.of("min", "max"))));
    List<String> kinds = List.of("accepted_values", "range", "relationship");
    Fields test =
        Keys.of(
                "a test",
                """
                accepted_values: [flag or number or any]+  The values there may be.
                range: @range  The bounds of the value.
                relationship: {a relationship}  Where the value must be found.
                  to!: table  The table that has the value.
                  column!: column  The column of that table.
                """,
                given)
            .with(new Rule.AtMostOne(kinds), new Rule.AtLeastOne(kinds));
    String words = String.join("|", vocabulary.materializations().keySet()) + "|";
    List<Field> all =
        new ArrayList<>(
            Keys.list(
                SourceKeys.DESCRIPTION
                    + "materialized: %s  What the model becomes; a %s unless said.\n"
                        .formatted(words, vocabulary.usualMaterialization())
                    + """
                    partition: partition  What has files of its own in the table: month(date), bucket(16, id), campus.
                    sort: sort  The order of its rows within what is written at once.
                    """
                    + COMPUTE.formatted(
                        "the model", "the DAG's unless said.", "the DAG's unless said.")
                    + """
                    columns: map column {a column}  What is known of its columns.
                      description: any  What this is, for the people who meet it.
                      tests: [unique|not_null or @test]  Rules that every row must keep.
                    """,
                Map.of("test", test)));
    List<Rule> rules = new ArrayList<>();
    for (MaterializationForm kind : vocabulary.materializations().values()) {
      all.addAll(kind.keys());
      kind.keys().forEach(k -> rules.add(new Rule.OnlyWhen(k.name(), "materialized", kind.name())));
    }
    return new Fields("the header of a model", all, rules);
  }

  private static Fields dashboard() {
    Fields localized =
        Keys.of(
            "a text in two languages",
            """
            en!: words  In English.
            fr!: words  In French.
            """);
    Map<String, Shape> given = Map.of("both", localized);
    Fields tile =
        Keys.of(
                "a tile",
                """
                id!: name  The tile's name within the dashboard.
                title!: words or @both  What the tile shows.
                kind!: number|bar|stacked_bar|line|pie|heatmap|table|scatter  How it is drawn.
                query!: words  The SQL that gives its rows.
                x: column  The column of the axis; of a heatmap, its columns.
                y: column  The column of the measure.
                series: column  The column that tells series apart; of a heatmap, its rows.
                unit: any  The unit of the measure.
                format: integer|decimal|percent  How the measure is written.
                x_format: integer|decimal|percent|weekday  How values of x are written; weekday tells 1 to 7 as Monday to Sunday.
                labels: map words words or @both  Like those of the dashboard, for this tile.
                width: 1..12  Columns of the grid of 12; 6 unless said.
                note: words or @both  What to know when reading it.
                """,
                given)
            .with(
                new Rule.RequiredWhen(
                    "kind",
                    List.of("bar", "stacked_bar", "line", "pie", "heatmap", "scatter"),
                    List.of("x", "y")),
                new Rule.RequiredWhen(
                    "kind", List.of("stacked_bar", "heatmap"), List.of("series")));
    return Keys.of(
        "a dashboard",
        """
        title!: words or @both  The dashboard's title.
        description: words or @both  What it answers.
        labels: map words words or @both  What words of the data, and names of columns, are called in tiles.
        tiles!: [@tile]+  Its tiles, in order.
        """,
        Map.of("both", localized, "tile", tile));
  }
}
