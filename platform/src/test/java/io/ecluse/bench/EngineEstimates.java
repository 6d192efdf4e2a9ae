package io.ecluse.bench;

import io.ecluse.Platform;
import io.ecluse.engine.Engines;
import io.ecluse.engine.Errand;
import io.ecluse.warehouse.ReadView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code auto} thinks of a query, as its words tell, beside what DuckDB says once it is done:
 * the bytes that it read, and the most memory that it had for rows, with what went to disk.
 */
record EngineEstimates(Platform platform, EngineTables tables) {
  private static final Pattern AMOUNT = Pattern.compile("([0-9.]+) (B|kB|MB|GB|TB)\\b");
  private static final List<String> UNITS = List.of("B", "kB", "MB", "GB", "TB");

  private record Real(double read, double memory, double spilled) {}

  void print() throws Exception {
    System.out.printf("%nWhat auto thinks, and what DuckDB then did; MB%n");
    Figures.row("", "to read", "read", "ratio", "to hold", "memory", "disk", "ratio");
    List<Double> reads = new ArrayList<>();
    List<Double> holds = new ArrayList<>();
    for (Map.Entry<String, Path> query : tables.queries().entrySet()) {
      String sql = Files.readString(query.getValue());
      Engines.Choice choice =
          platform.stages().engines().choose(Errand.quiet("bench"), sql, ReadView.PUBLISHED);
      List<Double> amounts = amounts(choice.why());
      Real real = real(sql);
      double read = amounts.get(0) / real.read;
      double hold = amounts.get(2) / (real.memory + real.spilled);
      reads.add(read);
      holds.add(hold);
      Figures.row(
          query.getKey(),
          amounts.get(0),
          real.read,
          read,
          amounts.get(2),
          real.memory,
          real.spilled,
          hold);
    }
    System.out.printf(
        "median ratios: %.2f to read, %.2f to hold%n",
        Figures.median(reads), Figures.median(holds));
  }

  /** The amounts in words, in MB. */
  private static List<Double> amounts(String words) {
    List<Double> amounts = new ArrayList<>();
    Matcher found = AMOUNT.matcher(words);
    while (found.find()) {
      amounts.add(
          Double.parseDouble(found.group(1)) * Math.pow(1000, UNITS.indexOf(found.group(2)) - 2));
    }
    return amounts;
  }

  private Real real(String sql) throws SQLException, IOException {
    Path told = tables.settings().spill().resolve("profile.json");
    try (Connection raw = tables.raw();
        Statement statement = raw.createStatement()) {
      statement.execute("SET enable_external_file_cache = false");
      statement.execute("SET enable_profiling = 'json'");
      statement.execute("SET profiling_output = '%s'".formatted(told));
      double before = bytesRead();
      try (ResultSet rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          rows.getObject(1);
        }
      }
      double read = bytesRead() - before;
      statement.execute("PRAGMA disable_profiling");
      JsonNode profile = JsonMapper.shared().readTree(Files.readString(told));
      return new Real(
          read / 1e6,
          profile.path("system_peak_buffer_memory").asDouble() / 1e6,
          profile.path("system_peak_temp_dir_size").asDouble() / 1e6);
    }
  }

  /** What this process has read from files so far. */
  private static double bytesRead() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/io")).stream()
        .filter(line -> line.startsWith("rchar: "))
        .mapToDouble(line -> Double.parseDouble(line.substring("rchar: ".length())))
        .findFirst()
        .orElseThrow();
  }
}
