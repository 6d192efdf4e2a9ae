package io.ecluse.source.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.http.HttpSettings.Auth;
import io.ecluse.source.http.HttpSettings.Paging;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
  @TempDir Path folder;

  @Test
  @EnabledOnOs(OS.LINUX) // where a device is always full
  void saysThatTheDiskIsFullAndNotThatTheAnswerIsWrong() throws IOException {
    Path pages =
        Files.createSymbolicLink(folder.resolve("pages-00000.ndjson"), Path.of("/dev/full"));
    HttpSettings.Stream stream = HttpFixture.stream("/things", "", new Paging.None());
    HttpSettings settings =
        HttpFixture.settings(
            URI.create("http://localhost"), new Auth.None(), Map.of("people", stream));
    Path answer = Files.writeString(folder.resolve("answer"), HttpFixture.ids(0, 50_000));

    assertThatThrownBy(
            () -> {
              try (Spool spool = new Spool(folder, "people")) {
                new PageReader(new HttpErrors(settings), stream)
                    .read(
                        new HttpApi.Answer(
                            new PageRequest(settings.base(), Optional.empty()),
                            200,
                            HttpHeaders.of(Map.of(), (name, value) -> true),
                            answer),
                        spool);
                spool.end();
              }
            })
        .hasMessageContaining("Could not keep the pages of an extract")
        .hasMessageContaining("make space")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.DISK_FULL);
    assertThat(Files.exists(pages, java.nio.file.LinkOption.NOFOLLOW_LINKS)).isFalse();
  }
}
