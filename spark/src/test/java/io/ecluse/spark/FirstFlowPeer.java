package io.ecluse.spark;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * The first flow as a plain Spark program, to compare with: eleven tables by JDBC, each into CSV
 * staging, then {@code marts.students} joined from it, as Parquet. Two tables at a time, for two
 * cores. It builds one mart, tests nothing and publishes nothing.
 *
 * <p>Each run is a line {@code run MILLISECONDS CPU-MILLISECONDS}; the first counts from the start
 * of the process.
 */
public final class FirstFlowPeer {
  private static final int FETCH_SIZE = 10_000;

  private static final String STUDENTS =
      """
      WITH average_grades AS (
        SELECT student_id, avg(grade) AS average_grade FROM grades WHERE grade IS NOT NULL GROUP BY student_id
      ), attendance_rates AS (
        SELECT student_id, avg(CASE WHEN present THEN 1e0 ELSE 0e0 END) AS attendance_rate
        FROM attendances WHERE present IS NOT NULL GROUP BY student_id
      ), meetings AS (
        SELECT s.id AS student_id, e.id AS event_id, e.type AS event_type,
          row_number() OVER (PARTITION BY s.id ORDER BY e.date NULLS LAST, e.id) AS place
        FROM students s
        JOIN audiences a ON lower(a.email) = lower(s.personal_email)
        JOIN events e ON e.id = a.event_id
      ), contracts AS (
        SELECT a.student_id, c.name AS company,
          row_number() OVER (PARTITION BY a.student_id ORDER BY a.start_date DESC NULLS LAST, a.id) AS place
        FROM apprenticeships a LEFT JOIN companies c ON c.id = a.company_id
      )
      SELECT s.id AS student_id, s.first_name, s.last_name, s.email, s.gender, s.date_of_birth, s.join_date,
        s.left_date, c.name AS campus, c.region, s.promotion, g.average_grade, r.attendance_rate,
        m.student_id IS NOT NULL AS recruited_at_event, m.event_id, m.event_type,
        p.student_id IS NOT NULL AS has_apprenticeship, p.company
      FROM students s
      LEFT JOIN campuses c ON c.id = s.campus_id
      LEFT JOIN average_grades g ON g.student_id = s.id
      LEFT JOIN attendance_rates r ON r.student_id = s.id
      LEFT JOIN meetings m ON m.student_id = s.id AND m.place = 1
      LEFT JOIN contracts p ON p.student_id = s.id AND p.place = 1""";

  private final SparkSession spark;
  private final Map<String, String> connection;
  private final Path folder;

  private FirstFlowPeer(SparkSession spark, Map<String, String> connection, Path folder) {
    this.spark = spark;
    this.connection = connection;
    this.folder = folder;
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[3]);
    Map<String, String> connection =
        Map.of(
            "url", arguments[0],
            "user", arguments[1],
            "password", arguments[2],
            "driver", "org.postgresql.Driver",
            "fetchsize", String.valueOf(FETCH_SIZE));
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long begin = ManagementFactory.getRuntimeMXBean().getStartTime();
    long cpu = 0;
    SparkSession spark = Spark.local(folder);
    FirstFlowPeer flow = new FirstFlowPeer(spark, connection, folder);
    for (int run = 0; run < Integer.parseInt(arguments[4]); run++) {
      flow.run();
      long end = System.currentTimeMillis();
      long used = system.getProcessCpuTime();
      System.out.printf("run %d %d%n", end - begin, (used - cpu) / 1_000_000);
      begin = System.currentTimeMillis();
      cpu = used;
    }
    spark.stop();
  }

  private void run() throws Exception {
    ExecutorService two = Executors.newFixedThreadPool(2);
    List<Future<?>> staged =
        SmallErp.TABLES.stream().<Future<?>>map(t -> two.submit(() -> stage(t))).toList();
    two.shutdown();
    for (Future<?> table : staged) {
      table.get();
    }
    spark.sql(STUDENTS).write().mode(SaveMode.Overwrite).parquet(path("students.parquet"));
  }

  private void stage(String table) {
    Dataset<Row> rows =
        spark.read().format("jdbc").options(connection).option("dbtable", table).load();
    String csv = path(table + ".csv");
    rows.write().mode(SaveMode.Overwrite).option("header", "true").csv(csv);
    spark
        .read()
        .schema(rows.schema())
        .option("header", "true")
        .csv(csv)
        .createOrReplaceTempView(table);
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }
}
