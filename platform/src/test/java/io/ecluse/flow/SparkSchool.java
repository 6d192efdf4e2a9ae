package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Platform;
import io.ecluse.Servers;
import io.ecluse.access.Caller;
import io.ecluse.access.Policy;
import io.ecluse.engine.Cancellation;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.query.Ticket;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunRequest;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.TaskState;
import io.ecluse.scheduler.Trigger;
import io.ecluse.spark.SparkHome;
import io.ecluse.warehouse.ReadView;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A school whose DAGs run programs on a Spark of this machine, those of the demo among them. */
final class SparkSchool implements AutoCloseable {
  private final Path folder;
  private final Optional<Path> home;
  private final Platform platform;

  SparkSchool(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    this.home = SparkHome.whole();
    settings();
    erp();
    models();
    Map<String, String> variables = new HashMap<>();
    variables.put(
        "ECLUSE_DATABASE_URL",
        "postgresql://%s:%s@127.0.0.1:%d/%s"
            .formatted(
                Servers.server().user(),
                Servers.server().password(),
                Servers.server().port(),
                Servers.newMigratedDatabase()));
    variables.put("XDG_CACHE_HOME", SparkHome.CACHE);
    home.ifPresent(h -> variables.put("SPARK_HOME", h.toString()));
    this.platform =
        new Platform(
            new Platform.Opening(
                folder, Project.DEFAULT_ENVIRONMENT, Platform.Workers.HERE, 4, variables));
    requireSuccess(run("daily"));
  }

  private void settings() throws IOException {
    write(
        "ecluse.yaml",
        """
        name: school
        clusters:
          local:
            type: local
            cores: 2
            memory: 700MB
            idle: 30s
            conf:
              spark.sql.shuffle.partitions: "2"
              spark.driver.extraJavaOptions: "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
              spark.jars.ivySettings: "%1$s/maven/settings.xml"
              spark.jars.ivy: "%1$s/maven/ivy"
        """
            .formatted(folder));
    write(
        "maven/settings.xml",
        """
        <ivysettings>
          <settings defaultResolver="ours"/>
          <resolvers><ibiblio name="ours" m2compatible="true" root="%s"/></resolvers>
        </ivysettings>
        """
            .formatted(folder.resolve("maven/repository").toUri()));
  }

  private void erp() throws IOException {
    write(
        "sources/erp.yaml",
        """
        type: files
        location: exports
        streams:
          campuses: { files: campuses.csv }
          students: { files: students.csv }
          grades: { files: grades.csv }
        """);
    write("exports/campuses.csv", "id,name\n1,Lille\n2,Lyon\n");
    write("exports/students.csv", "id,campus_id\n1,1\n2,2\n3,\n4,1\n");
    write(
        "exports/grades.csv",
        "id,student_id,grade\n1,1,53.3\n2,1,70.2\n3,2,99.9\n4,2,\n5,4,\n6,,12.5\n");
  }

  private void models() throws IOException {
    copy("models/core/average_grades.sql");
    for (String file : List.of("AverageGrades.java", "average_grades.jar")) {
      copy("jobs/" + file);
    }
    copy("jobs/average_grades.py");
    copy("jobs/average_grades.sql");
    copy("dags/spark_averages.yaml");
    write(
        "models/marts/averages.sql",
        """
        /* ecluse */
        SELECT s.id AS student_id, c.name AS campus, g.average_grade
        FROM erp.students s LEFT JOIN erp.campuses c ON c.id = s.campus_id
        LEFT JOIN core.average_grades g ON g.student_id = s.id
        """);
    write(
        "dags/daily.yaml",
        """
        retries: 0
        tasks:
          read: { extract: erp }
          load: { load: erp, after: [read] }
          models: { build: "*", after: [load] }
        """);
  }

  void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void copy(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    try (InputStream in =
        Objects.requireNonNull(
            SparkSchool.class.getResourceAsStream("/templates/supinfo/" + name))) {
      Files.copy(in, file);
    }
  }

  Platform platform() {
    return platform;
  }

  /** Whether there is a Python, and a registry for its packages. */
  boolean hasPython() {
    return home.isPresent();
  }

  /** The application that is warm. */
  Optional<ProcessHandle> application() {
    return platform
        .metadata()
        .jdbi()
        .withHandle(
            h ->
                h.createQuery("SELECT process FROM engine_session WHERE state = 'alive'")
                    .mapTo(String.class)
                    .findOne())
        .flatMap(p -> ProcessHandle.of(Long.parseLong(p.replaceFirst("@.*", ""))));
  }

  @Override
  public void close() {
    Optional<ProcessHandle> warm = application();
    platform.close();
    warm.ifPresent(ProcessHandle::destroyForcibly);
  }

  String start(String id) {
    Project project = platform.project().get();
    var dag = new DagExpander(project).expand(project.dag(id));
    return platform
        .scheduler()
        .start(
            new RunRequest(
                dag, Trigger.MANUAL, Instant.parse("2026-03-02T10:00:00Z"), Writes.of(dag)));
  }

  Run run(String id) {
    return platform.scheduler().awaitEnd(start(id));
  }

  /** A program, and the DAG that has it run; returns the run at its end. */
  Run run(String program, String text, String more) throws IOException {
    write("jobs/" + program, text);
    return run(dag(program, more));
  }

  /** A class in Java, and the DAG that has it run; returns the DAG. */
  String dagOfClass(String name, String source, String more) throws IOException {
    String program = name.toLowerCase(Locale.ROOT) + ".jar";
    JarProgram.write(folder.resolve("jobs").resolve(program), name, source);
    return dag(program, ", class: " + name + more);
  }

  private String dag(String program, String more) throws IOException {
    String id = program.replaceAll("\\..*", "");
    write(
        "dags/" + id + ".yaml",
        """
        retries: 0
        schedule: "0 3 * * *"
        timezone: Europe/Paris
        params: { city: Lille }
        tasks:
          it: { spark: jobs/%s, writes: [programs.%s]%s }
        """
            .formatted(program, id, more));
    platform.project().refresh();
    return id;
  }

  List<Object[]> rows(String sql) {
    Ticket ticket = Ticket.quick(Caller.commandLine(Policy.OPEN), new Cancellation());
    return platform.queries().read(ticket, sql, ReadView.PUBLISHED, 10).rows();
  }

  List<TaskState> tasks(Run run) {
    return platform.scheduler().tasks(run.id());
  }

  void requireSuccess(Run run) {
    assertThat(run.state())
        .as(
            () ->
                run.error() + "\n" + tasks(run).stream().flatMap(t -> t.error().stream()).toList())
        .isEqualTo(RunState.SUCCESS);
  }

  String error(Run run) {
    assertThat(run.state()).isEqualTo(RunState.FAILED);
    return tasks(run).stream().flatMap(t -> t.error().stream()).findFirst().orElseThrow();
  }
}
