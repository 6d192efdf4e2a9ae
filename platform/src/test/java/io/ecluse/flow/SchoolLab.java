package io.ecluse.flow;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.ReadView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The demo, and what it holds. */
abstract class SchoolLab {
  static DemoFixture demo;

  static List<List<String>> rowsOf(String table) {
    return DemoFixture.rows(
        demo.platform(), "select * from " + table + " order by student_id nulls last");
  }

  /** Of {@link #everything()}, the rows. */
  static List<List<String>> rowsIn(List<List<String>> everything) {
    return everything.stream().filter(row -> row.size() > 2).toList();
  }

  static long bytes() throws IOException {
    try (Stream<Path> files = Files.walk(demo.folder().resolve(".ecluse"))) {
      return files
          .filter(f -> f.toString().contains("/staging/") || f.toString().contains("/warehouse/"))
          .filter(Files::isRegularFile)
          .mapToLong(f -> f.toFile().length())
          .sum();
    }
  }

  static List<List<String>> everything() {
    List<List<String>> all = new java.util.ArrayList<>();
    for (var table : demo.platform().warehouse().tables()) {
      all.add(List.of(table.name().toString(), String.valueOf(table.rows())));
    }
    all.addAll(rowsOf("marts.students"));
    return all;
  }

  static Map<TableName, Long> snapshots() {
    Platform platform = demo.platform();
    Map<TableName, Long> ids = new TreeMap<>();
    platform
        .warehouse()
        .snapshots(
            platform.warehouse().tables().stream().map(t -> t.name()).toList(), ReadView.PUBLISHED)
        .forEach((t, s) -> ids.put(t, s.id()));
    return ids;
  }

  static long seenByRun(String run) {
    return demo.platform()
        .warehouse()
        .snapshot(new TableName("marts", "students"), new ReadView.OfRun(run))
        .orElseThrow()
        .id();
  }

  static String inErp(String table) throws Exception {
    try (Connection erp = demo.erp().connect();
        Statement statement = erp.createStatement();
        var rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
