package io.ecluse.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.spark.sql.classic.SparkSession;
import org.assertj.core.api.Assertions;

/** What the application meets of the platform: a catalog for each run, and the door of jobs. */
final class PlatformSide implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final RestCatalog catalog;
  private final JobDoor door;
  private final SparkSession spark;

  /**
   * @param folder gets a folder of each run's tables
   * @param spark stays open
   */
  PlatformSide(Path folder, SparkSession spark) throws IOException {
    this.catalog = new RestCatalog(folder);
    this.door = new JobDoor();
    this.spark = spark;
  }

  RestCatalog catalog() {
    return catalog;
  }

  JobDoor door() {
    return door;
  }

  /** A job with the id {@code RUN-KIND}. */
  ObjectNode job(String run, String kind) {
    return Door.JSON
        .createObjectNode()
        .put("id", run + "-" + kind)
        .put("run", run)
        .put("kind", kind)
        .put("catalog", catalog.of(run));
  }

  /** An application that knows this token of the door. */
  JobApplication application(String token) {
    return new JobApplication(new Door(door.address(), token, PATIENCE), () -> spark);
  }

  /** Has a job done; returns its result. */
  JsonNode run(ObjectNode job) {
    String id = job.path("id").asText();
    door.offer(id, job.toString());
    application(RestCatalog.TOKEN).one(id);
    return door.result(id);
  }

  /** The rows of a query, as JSON. */
  String query(String run, String sql) {
    JsonNode result = run(job(run, "query").put("sql", sql).put("maxRows", 100));
    Assertions.assertThat(result.path("state").asText()).as(result.toString()).isEqualTo("done");
    return result.path("values").toString();
  }

  @Override
  public void close() throws IOException {
    door.close();
    catalog.close();
  }
}
