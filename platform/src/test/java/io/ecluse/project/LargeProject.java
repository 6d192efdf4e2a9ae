package io.ecluse.project;

import io.ecluse.Registrations;
import io.ecluse.duckdb.EngineParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A valid project of 1,000 files, as large as validation has a budget for: {@code main FOLDER}
 * writes it, {@code main FOLDER validate} reads it and prints how long that took.
 */
final class LargeProject {
  private static final int SOURCES = 50;
  private static final int STREAMS = 20;
  private static final int MODELS = 699;
  private static final int AUDITS = 100;
  private static final int DASHBOARDS = 100;
  private static final int DAGS = 50;

  private LargeProject() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    if (arguments.length == 1) {
      write(folder);
      return;
    }
    long start = System.nanoTime();
    ProjectReading reading =
        new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary()).read(folder);
    reading.problems().forEach(System.out::println);
    System.out.printf(
        "%d models, %d problems, %d ms%n",
        reading.orThrow().models().size(),
        reading.problems().size(),
        (System.nanoTime() - start) / 1_000_000);
  }

  static void write(Path folder) throws IOException {
    file(folder, "ecluse.yaml", "name: large\n");
    for (int i = 0; i < SOURCES; i++) {
      file(folder, "sources/source%d.yaml".formatted(i), source());
    }
    for (int i = 0; i < MODELS; i++) {
      file(folder, "models/marts%d/model%d.sql".formatted(i % 7, i), model(i));
    }
    for (int i = 0; i < AUDITS; i++) {
      String sql =
          "/* ecluse\ndescription: Audit.\n*/\nSELECT 1 FROM marts%d.model%d WHERE id < 0\n";
      file(folder, "tests/audit%d.sql".formatted(i), sql.formatted(i % 7, i));
    }
    for (int i = 0; i < DASHBOARDS; i++) {
      file(folder, "dashboards/dashboard%d.yaml".formatted(i), dashboard(i));
    }
    for (int i = 0; i < DAGS; i++) {
      file(folder, "dags/dag%d.yaml".formatted(i), dag(i));
    }
  }

  private static String source() {
    StringBuilder text =
        new StringBuilder(
            "type: postgres\nconnection:\n  host: ${env:HOST}\n  database: erp\n  user: reader\n"
                + "  password: ${secret:erp}\nstreams:\n");
    for (int i = 0; i < STREAMS; i++) {
      text.append("  table%d:\n    description: A table.\n    primary_key: [id]\n".formatted(i))
          .append("    columns:\n      id: { description: Its number. }\n")
          .append("      email: { personal: contact, description: Where to write. }\n");
    }
    return text.toString();
  }

  private static String model(int i) {
    String upstream = i < 7 ? "source0.table0" : "marts%d.model%d".formatted((i - 7) % 7, i - 7);
    return """
        /* ecluse
        description: A model of some length, as models are.
        columns:
          id: { description: Its number., tests: [unique, not_null] }
          rate: { tests: [{range: {min: 0, max: 1}}] }
        */
        WITH counted AS (
          SELECT t.id, count(*) AS n, extract(year FROM t.day) AS year -- a comment
          FROM source%d.table%d t
          WHERE t.name <> 'it''s' AND t.day > DATE '2020-01-01'
          GROUP BY t.id, extract(year FROM t.day)
        )
        SELECT c.id, c.n, c.year, u.rate
        FROM counted c
        LEFT JOIN %s u ON u.id = c.id
        LEFT JOIN source%d.table%d v ON v.id = c.id AND v.email IS DISTINCT FROM 'x'
        ORDER BY 1, 2
        """
        .formatted(i % SOURCES, i % STREAMS, upstream, (i + 1) % SOURCES, (i + 3) % STREAMS);
  }

  private static String dashboard(int i) {
    StringBuilder text = new StringBuilder("title: { en: A dashboard, fr: Un tableau }\ntiles:\n");
    for (int tile = 0; tile < 8; tile++) {
      text.append(
          """
            - id: tile%d
              title: { en: A tile, fr: Une tuile }
              kind: bar
              query: select id, n from marts%d.model%d
              x: id
              y: n
          """
              .formatted(tile, i % 7, i));
    }
    return text.toString();
  }

  private static String dag(int i) {
    return """
        schedule: "%d 3 * * *"
        timezone: Europe/Paris
        tasks:
          extract: { extract: source%d }
          load: { load: source%d, after: [extract] }
          build: { build: "marts%d.*", after: [load] }
        """
        .formatted(i, i, i, i % 7);
  }

  private static void file(Path folder, String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
