package io.ecluse.source.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.source.FileFormat;
import io.ecluse.source.SourceFixture;
import io.ecluse.staging.BatchManifest;
import io.ecluse.storage.StorageSettings;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands before the names of a CSV's columns, and how its lines end. */
class CsvBeginningTest extends SourceFixture {
  private BatchManifest read(String text, FileFormat.Csv csv, Charset encoding) throws IOException {
    Path data = Files.createDirectories(folder.resolve("exports"));
    Files.writeString(data.resolve("rooms.csv"), text, encoding);
    FilesSettings.Stream stream =
        new FilesSettings.Stream(
            "rooms.csv",
            FilesSettings.Mode.FULL,
            Optional.empty(),
            csv,
            FileFormat.Sheet.USUAL,
            encoding,
            Map.of());
    return extract(
        new FilesSource(
            new FilesSettings(
                "school", data.toString(), () -> StorageSettings.NONE, Map.of("rooms", stream)),
            stage(),
            files()),
        "x" + System.nanoTime(),
        "rooms");
  }

  private BatchManifest read(String text) throws IOException {
    return read(text, FileFormat.Csv.USUAL, StandardCharsets.UTF_8);
  }

  private static FileFormat.Csv csv(long skip, String comment) {
    return new FileFormat.Csv(
        Optional.empty(),
        Optional.empty(),
        FileFormat.Header.YES,
        Optional.empty(),
        skip,
        Optional.of(comment).filter(c -> !c.isEmpty()));
  }

  private void requireRooms(BatchManifest batch) {
    assertThat(rows(batch, "select code, seats from %s order by code"))
        .containsExactly(List.of("A#1", "20"), List.of("B2", "30"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sep=;\r\ncode;seats\r\nA#1;20\r\nB2;30\r\n",
        "\ufeffSEP=;\ncode;seats\nA#1;20\nB2;30\n",
        "\"sep=;\"\ncode;seats\nA#1;20\nB2;30\n",
        "sep=\t\ncode\tseats\nA#1\t20\nB2\t30\n"
      })
  void understandsTheLineInWhichASpreadsheetSaysItsDelimiter(String text) throws IOException {
    requireRooms(read(text));
    requireRooms(
        read(text.replace("\ufeff", ""), FileFormat.Csv.USUAL, Charset.forName("windows-1252")));
  }

  @Test
  void leavesOutLinesAndCommentsAsTheProjectSays() throws IOException {
    requireRooms(
        read(
            "Rooms, as of today\n\n\ncode;seats\nA#1;20\nB2;30\n",
            csv(3, ""),
            StandardCharsets.UTF_8));
    requireRooms(
        read(
            "# Rooms, \"of today\ncode;seats\n#x\nA#1;20\n# y;z\nB2;30\n",
            csv(0, "#"),
            StandardCharsets.UTF_8));
    assertThat(
            rows(
                read(
                    "# a\ncode,note\nA1,\"first\n# no comment\"\n",
                    csv(0, "#"),
                    StandardCharsets.UTF_8),
                "select note from %s"))
        .containsExactly(List.of("first\n# no comment"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# rooms of the school\ncode;seats\nA1;20\nB2;30\n",
        "Rooms\ncode,seats\nA1,20\nB2,30\n",
        "Export of rooms | 2026\ncode;seats;floor\nA1;20;1\nB2;30;2\n"
      })
  void refusesAFirstLineOfAnotherShapeWithTheKeyThatHelps(String text) {
    assertThatThrownBy(() -> read(text))
        .hasMessageContaining("rooms.csv, line 1: 1 column by")
        .hasMessageContaining("csv.skip: 1")
        .hasMessageContaining("csv.comment");
    assertThat(staging().list("school", "rooms")).isEmpty();
  }

  @Test
  void tellsHowManyLinesStandBeforeTheNames() {
    assertThatThrownBy(() -> read("Rooms\n\nof the school\ncode;seats\nA1;20\nB2;30\nC3;10\n"))
        .hasMessageContaining("csv.skip: 3");
  }

  @Test
  void readsATextOfOneColumnThoughItHoldsSeparators() throws IOException {
    assertThat(rows(read("note\n\"a, b\"\n\"c, d\"\n"), "select note from %s order by 1"))
        .containsExactly(List.of("a, b"), List.of("c, d"));
    assertThat(rows(read("note\nhello\nyou, there\nwell\n"), "select count(*) from %s"))
        .containsExactly(List.of("3"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "code,seats\r\nA#1,20\nB2,30\r\n",
        "code,seats\nA#1,20\r\nB2,30\n",
        "code,seats\nA#1,20\nB2,30\r\n"
      })
  void readsAFileWhoseLinesEndInTwoWays(String text) throws IOException {
    requireRooms(read(text));
  }

  @Test
  void keepsLineEndsInQuotesAsTheyAre() throws IOException {
    assertThat(
            rows(
                read("code,note\r\nA1,\"x\ny\r\nz\"\nB2,w\r\n"),
                "select hex(encode(note)) from %s order by code"))
        .containsExactly(List.of("780A790D0A7A"), List.of("77"));
  }

  @Test
  void namesTheLineThatEndsInNoWay() {
    assertThatThrownBy(() -> read("code,seats\nA1,20\nB2\r,30\r\nC3,10\n"))
        .hasMessageContaining("rooms.csv, line 3: it holds a carriage return that ends no line");
  }

  @Test
  void everyErrorTellsFileLineAndWhatWasTried() {
    assertThatThrownBy(
            () ->
                read(
                    "# x\ncode;seats\nA1;20\nB2;30;40\nC3;1\n",
                    csv(0, "#"),
                    StandardCharsets.UTF_8))
        .hasMessageContaining("rooms.csv, line 4: ");
    assertThatThrownBy(() -> read("code,seats\nA1,\"20\nB2,30\nC3,\"1\n\"x\"y,\"\n"))
        .hasMessageMatching("(?s).*rooms.csv, line \\d+: .*csv\\.quote.*");
  }
}
