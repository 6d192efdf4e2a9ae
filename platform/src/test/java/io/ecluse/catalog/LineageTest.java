package io.ecluse.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Registrations;
import io.ecluse.catalog.Lineage.Node;
import io.ecluse.duckdb.EngineParser;
import io.ecluse.project.Project;
import io.ecluse.project.ProjectReader;
import io.ecluse.scheduler.LastProgram;
import io.ecluse.schema.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineageTest {
  private static final Node STREAM = new Node(Node.Kind.STREAM, "erp.students");
  private static final Node TABLE = new Node(Node.Kind.TABLE, "erp.students");
  private static final Node MODEL = new Node(Node.Kind.MODEL, "marts.classes");
  private static final Node MADE = new Node(Node.Kind.TABLE, "marts.classes");
  private static final Node TILE = new Node(Node.Kind.TILE, "school/sizes");

  @TempDir Path folder;

  private Project project() throws IOException {
    write("ecluse.yaml", "name: lineage\n");
    write(
        "sources/erp.yaml",
        """
        type: postgres
        connection: { host: localhost, database: erp, user: reader }
        streams: { students: {} }
        """);
    write(
        "models/marts/classes.sql",
        "/* ecluse\ndescription: x\n*/\nSELECT class FROM ERP.Students\n");
    write("models/marts/broken.sql", "SELECT x FROM marts.classes JOIN erp.none USING (x)\n");
    write(
        "dashboards/school.yaml",
        """
        title: School
        tiles:
          - id: sizes
            title: Sizes
            kind: table
            query: SELECT * FROM marts.classes
        """);
    try (EngineParser parser = new EngineParser()) {
      return new ProjectReader(parser, Registrations.builtIn().vocabulary())
          .read(folder)
          .project()
          .orElseThrow();
    }
  }

  private void write(String path, String text) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void followsDataFromTheStreamToTheTile() throws IOException {
    Lineage lineage = Lineage.of(project());

    assertThat(lineage.downstream(STREAM)).containsExactly(TABLE);
    assertThat(lineage.downstream(TABLE)).containsExactly(MODEL);
    assertThat(lineage.downstream(MODEL)).containsExactly(MADE);
    assertThat(lineage.downstream(MADE))
        .containsExactly(new Node(Node.Kind.MODEL, "marts.broken"), TILE);
  }

  @Test
  void findsTheWayBack() throws IOException {
    Lineage lineage = Lineage.of(project());

    assertThat(lineage.upstream(TILE)).containsExactly(MADE);
    assertThat(lineage.upstream(MADE)).containsExactly(MODEL);
    assertThat(lineage.upstream(MODEL)).containsExactly(TABLE);
    assertThat(lineage.upstream(TABLE)).containsExactly(STREAM);
    assertThat(lineage.upstream(STREAM)).isEmpty();
  }

  @Test
  void aProgramIsBetweenWhatItReadAndWhatItWroteWhenItLastRan() throws IOException {
    write(
        "dags/ranks.yaml",
        """
        tasks:
          java: { spark: a.jar, class: A, reads: [erp.students], writes: [programs.ranks] }
          new: { spark: b.sql, reads: [programs.ranks], writes: [programs.best] }
        """);
    Project project = project();
    LastProgram last =
        new LastProgram(
            "ranks",
            "java",
            "run-1",
            Map.of("spark_reads", "marts.classes", "spark_writes", "programs.ranks"));

    Lineage lineage = Lineage.of(project, Programs.of(project, List.of(last)));

    Node java = new Node(Node.Kind.TASK, "ranks/java");
    Node ranks = new Node(Node.Kind.TABLE, "programs.ranks");
    assertThat(lineage.upstream(ranks)).containsExactly(java);
    assertThat(lineage.upstream(java)).containsExactly(MADE);
    assertThat(lineage.downstream(ranks)).containsExactly(new Node(Node.Kind.TASK, "ranks/new"));
    assertThat(lineage.impact(new TableName("erp", "Students")))
        .containsExactlyInAnyOrder(
            "marts.classes", "marts.broken", "programs.ranks", "programs.best");
  }
}
