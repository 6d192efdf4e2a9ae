package io.ecluse.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.Servers;
import io.ecluse.disk.Disk;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.metadata.DatabaseSettings;
import io.ecluse.metadata.Metadata;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.TableName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is known of a publication whose connection breaks: what really became of it. */
@Timeout(120)
class BrokenCommitTest {
  private static final TableName NUMBERS = new TableName("lab", "numbers");

  @TempDir Path folder;
  private CommitProxy network;
  private Metadata metadata;
  private Warehouse warehouse;

  @BeforeEach
  void open() throws IOException {
    DatabaseSettings direct = Servers.settings(Servers.newMigratedDatabase());
    network = new CommitProxy(Servers.server().port());
    metadata =
        new Metadata(
            new DatabaseSettings(
                direct.jdbcUrl().replace(":" + Servers.server().port(), ":" + network.port()),
                direct.user(),
                direct.password()));
    warehouse = new Warehouse(metadata.jdbi(), "test", folder.resolve("warehouse"), new Disk());
  }

  @AfterEach
  void close() throws IOException {
    metadata.close();
    network.close();
  }

  private void stage(String run) {
    warehouse
        .stage(run, NUMBERS, List.of(new Column("n", DataType.BIGINT)))
        .replaceWith(List.of(), Optional.empty());
  }

  private List<String> runs() {
    return warehouse.history(NUMBERS).stream().map(v -> v.runId().orElse("")).toList();
  }

  @Test
  void aPublicationWhoseAnswerWasLostIsKnownToBeDone() {
    stage("r1");
    network.cutNextCommit(CommitProxy.Cut.AFTER);

    Publication publication = warehouse.publish("r1");

    assertThat(publication.tables()).containsExactly(NUMBERS);
    assertThat(warehouse.isPublished("r1")).isTrue();
    assertThat(warehouse.publish("r1")).isEqualTo(publication);
    assertThat(runs()).containsExactly("r1");
  }

  @Test
  void aPublicationThatNeverArrivedIsKnownNotToBeDoneAndCanBeTriedAgain() {
    stage("r1");
    network.cutNextCommit(CommitProxy.Cut.BEFORE);

    assertThatThrownBy(() -> warehouse.publish("r1"))
        .hasMessageContaining("run r1 was not published: nothing has changed")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.DATABASE_UNREACHABLE);

    assertThat(warehouse.isPublished("r1")).isFalse();
    warehouse.publish("r1");
    assertThat(runs()).containsExactly("r1");
  }

  @Test
  void aRollbackWhoseAnswerWasLostIsKnownToBeDone() {
    stage("r1");
    warehouse.publish("r1");
    stage("r2");
    warehouse.publish("r2");

    network.cutNextCommit(CommitProxy.Cut.BEFORE);
    assertThatThrownBy(() -> warehouse.rollBack("r2"))
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.DATABASE_UNREACHABLE);
    assertThat(warehouse.publications(List.of("r2"))).isEqualTo(Map.of("r2", true));

    network.cutNextCommit(CommitProxy.Cut.AFTER);
    assertThat(warehouse.rollBack("r2").tables()).containsExactly(NUMBERS);
    assertThat(warehouse.publications(List.of("r2"))).isEqualTo(Map.of("r2", false));
  }

  @Test
  void aRefusedConnectionIsNotAnUnknownOutcome() throws IOException {
    stage("r1");
    network.close();

    assertThatThrownBy(() -> warehouse.publish("r1"))
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.DATABASE_UNREACHABLE);
  }

  @Test
  void aLostRaceIsKnownBeforehandAndNotWorthTryingAgain() {
    stage("r1");
    stage("r2");
    assertThat(warehouse.overtaken("r2")).isEmpty();
    warehouse.publish("r1");

    assertThat(warehouse.overtaken("r2")).containsExactly(NUMBERS);
    assertThatThrownBy(() -> warehouse.publish("r2"))
        .extracting(e -> ((EcluseException) e).code())
        .matches(code -> code == ErrorCode.COMMIT_CONFLICT && !code.retryable());
    assertThat(warehouse.overtaken("r1")).isEmpty();
  }
}
