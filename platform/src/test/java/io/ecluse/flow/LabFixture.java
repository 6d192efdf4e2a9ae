package io.ecluse.flow;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.Restored;
import io.ecluse.backup.Restore;
import io.ecluse.engine.Cancellation;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.Project;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.ReadView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A small project with one table, {@code lab.numbers}, that has as many rows as is asked for. */
final class LabFixture {
  private static final TableName NUMBERS = new TableName("lab", "numbers");

  private LabFixture() {}

  /** Writes the files of a project. */
  static Path project(Path folder, String settings) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("ecluse.yaml"), "name: lab\n" + settings);
    return folder;
  }

  static Platform open(Path project, Map<String, String> variables) {
    return new Platform(
        new Platform.Opening(
            project, Project.DEFAULT_ENVIRONMENT, Platform.Workers.NONE, 0, variables));
  }

  static Platform open(Path project) {
    return open(project, Map.of());
  }

  static void publish(Platform platform, String run, int n) {
    platform
        .engine()
        .write(
            platform.warehouse().stage(run, NUMBERS, List.of(new Column("n", DataType.BIGINT))),
            "select range as n from range(" + n + ")",
            ReadView.PUBLISHED,
            new Cancellation());
    platform.warehouse().publish(run);
  }

  static String rows(Platform platform) {
    return DemoFixture.rows(platform, "select count(*) from lab.numbers").get(0).get(0);
  }

  /** The rows of a project that nobody has open. */
  static String rows(Path project) {
    try (Platform platform = open(project)) {
      return rows(platform);
    }
  }

  static Restored restore(Path from, Path target) {
    return restore(from, Optional.empty(), target, Map.of());
  }

  static Restored restore(
      Path from, Optional<String> at, Path target, Map<String, String> variables) {
    return Platform.restore(new Restore(from, at, target), Project.DEFAULT_ENVIRONMENT, variables);
  }

  static void assertRefused(ErrorCode code, String message, ThrowingCallable work) {
    Assertions.assertThatThrownBy(work)
        .hasMessageContaining(message)
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(code);
  }
}
