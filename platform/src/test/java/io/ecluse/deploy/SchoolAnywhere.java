package io.ecluse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.Servers;
import io.ecluse.flow.Writes;
import io.ecluse.pipeline.Dag;
import io.ecluse.project.DagExpander;
import io.ecluse.project.Project;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunRequest;
import io.ecluse.scheduler.RunState;
import io.ecluse.scheduler.Trigger;
import io.ecluse.storage.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A project with tables and batches on S3 and its metadata in a PostgreSQL of somebody else's: what
 * is on the machine that runs it can be made anew.
 *
 * @param erp the database of the ERP
 * @param bucket of tables and batches
 */
record SchoolAnywhere(String erp, String bucket) {
  private static final String SETTINGS =
      """
      name: school
      staging: { location: "s3://%1$s/staging", s3: { endpoint: "%2$s", access_key: "${secret:s3_key}", secret_key: "${secret:s3_word}" } }
      warehouse: { location: "s3://%1$s/tables", s3: { endpoint: "%2$s", access_key: "${secret:s3_key}", secret_key: "${secret:s3_word}" } }
      """;

  static SchoolAnywhere create() {
    String erp = Servers.newDatabase();
    Servers.execute(
        erp,
        """
        CREATE TABLE students (id int PRIMARY KEY, region text, updated_at timestamptz NOT NULL);
        INSERT INTO students SELECT i, 'r' || i % 3, timestamptz '2026-01-01Z' + i * interval '1 minute' FROM generate_series(1, 3000) t(i)
        """);
    return new SchoolAnywhere(erp, S3Server.shared().newBucket());
  }

  /** One more student in the ERP. */
  void enroll(int id, String region) {
    Servers.execute(erp, "INSERT INTO students VALUES (%d, '%s', now())".formatted(id, region));
  }

  /** Writes the files of the project, as a checkout would. */
  Path checkOut(Path folder) throws IOException {
    for (String each : List.of("sources", "dags", "models/marts")) {
      Files.createDirectories(folder.resolve(each));
    }
    Files.writeString(
        folder.resolve("ecluse.yaml"), SETTINGS.formatted(bucket, S3Server.shared().endpoint()));
    Files.writeString(
        folder.resolve("sources/erp.yaml"),
        """
        type: postgres
        connection: { host: 127.0.0.1, port: %d, database: %s, user: "${env:ERP_USER}", password: "${secret:erp_password}" }
        streams: { students: { mode: incremental, cursor: updated_at, deletes: detect } }
        """
            .formatted(Servers.server().port(), erp));
    Files.writeString(
        folder.resolve("models/marts/regions.sql"),
        "/* ecluse\ndescription: Students of each region.\n*/\nSELECT region, count(*) AS students FROM erp.students GROUP BY region\n");
    Files.writeString(
        folder.resolve("dags/all.yaml"),
        """
        retries: 0
        tasks:
          read: { extract: erp }
          load: { load: erp, after: [read] }
          marts: { build: "marts.*", after: [load] }
        """);
    return folder;
  }

  /** What a machine that runs it is told. */
  Map<String, String> variables(String database) {
    Map<String, String> variables = new HashMap<>();
    variables.put(Platform.DATABASE_URL, database);
    variables.put("ERP_USER", Servers.server().user());
    variables.put("ECLUSE_SECRET_ERP_PASSWORD", Servers.server().password());
    variables.put("ECLUSE_SECRET_S3_KEY", S3Server.KEY);
    variables.put("ECLUSE_SECRET_S3_WORD", S3Server.SECRET);
    return variables;
  }

  Platform open(Path folder, Map<String, String> variables) {
    return new Platform(
        new Platform.Opening(
            folder, Project.DEFAULT_ENVIRONMENT, Platform.Workers.HERE, 4, variables));
  }

  /** Runs all to its end, which is to be a good one. */
  static String run(Platform platform) {
    Run run = ended(platform);
    assertThat(run.state()).as(String.valueOf(run.error())).isEqualTo(RunState.SUCCESS);
    return run.id();
  }

  /** Runs all to its end, whichever that is. */
  static Run ended(Platform platform) {
    Project project = platform.project().get();
    Dag dag = new DagExpander(project).expand(project.dag("all"));
    return platform
        .scheduler()
        .awaitEnd(
            platform
                .scheduler()
                .start(new RunRequest(dag, Trigger.MANUAL, Instant.now(), Writes.of(dag))));
  }

  /** How many students there are, by the table and by what is made of it. */
  static String students(Platform platform) {
    return DemoFixture.rows(
            platform,
            "select (select count(*) from erp.students) || ' ' || (select sum(students) from marts.regions)")
        .get(0)
        .get(0);
  }
}
