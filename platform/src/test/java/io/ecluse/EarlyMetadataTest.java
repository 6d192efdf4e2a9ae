package io.ecluse;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.project.ProjectReader;
import io.ecluse.project.Settings;
import io.ecluse.schema.SqlParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EarlyMetadataTest {
  @TempDir Path folder;

  @Test
  void opensWhileNobodyHasAskedYet() throws IOException {
    Settings settings = settings("name: early\n").orElseThrow();
    try (EarlyMetadata early = early(settings)) {
      EarlyMetadata.Opened opened = early.get(settings);

      assertThat(opened.settings()).isSameAs(settings);
      assertThat(opened.metadata().answers()).isTrue();
      assertThat(early.get(settings)).isSameAs(opened);
    }
    assertThat(folder.resolve(".ecluse/postgres/data/postmaster.pid")).doesNotExist();
  }

  @Test
  void opensAnewWithSettingsThatChangedMeanwhile() throws IOException {
    Settings before = settings("name: early\n").orElseThrow();
    Settings after = settings("name: early\nwarehouse: { location: elsewhere }\n").orElseThrow();
    try (EarlyMetadata early = early(before)) {
      EarlyMetadata.Opened opened = early.get(after);

      assertThat(opened.settings()).isEqualTo(after);
      assertThat(opened.metadata().answers()).isTrue();
      assertThat(folder.resolve("elsewhere/dev")).isDirectory();
    }
  }

  @Test
  void stopsTheServerThatNobodyAskedFor() throws IOException {
    early(settings("name: early\n").orElseThrow()).close();

    assertThat(folder.resolve(".ecluse/postgres/data")).isDirectory();
    assertThat(folder.resolve(".ecluse/postgres/data/postmaster.pid")).doesNotExist();
  }

  @Test
  void startsNothingWhereSettingsCannotBeUsed() throws IOException {
    Optional<Settings> broken = settings("name: early\nwarehouse: 12\n");

    new EarlyMetadata(Map.of(), folder, () -> broken).close();

    assertThat(broken).isEmpty();
    assertThat(folder.resolve(".ecluse")).doesNotExist();
  }

  private EarlyMetadata early(Settings settings) {
    return new EarlyMetadata(Map.of(), folder, () -> Optional.of(settings));
  }

  private Optional<Settings> settings(String text) throws IOException {
    Files.writeString(folder.resolve("ecluse.yaml"), text);
    try (SqlParser parser = Dialect.parser()) {
      ProjectReader reader = Dialect.reader(parser);
      Optional<Settings> settings = reader.settings(folder, "dev");
      assertThat(settings)
          .isEqualTo(reader.read(folder).project().map(project -> project.settings("dev")));
      return settings;
    }
  }
}
