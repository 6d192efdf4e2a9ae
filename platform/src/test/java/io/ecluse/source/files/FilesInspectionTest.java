package io.ecluse.source.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.schema.DataType;
import io.ecluse.source.FileFormat;
import io.ecluse.source.Finding;
import io.ecluse.source.Finding.State;
import io.ecluse.source.Findings;
import io.ecluse.source.SourceInspection.WantedStream;
import io.ecluse.storage.LocalCopies;
import io.ecluse.storage.StorageSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesInspectionTest {
  @TempDir Path folder;

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve("exports").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Findings check(String files, Map<String, DataType> types, String... key)
      throws IOException {
    Path scratch = Files.createDirectories(folder.resolve("scratch"));
    FilesSettings.Stream stream =
        new FilesSettings.Stream(
            files,
            FilesSettings.Mode.FULL,
            Optional.empty(),
            FileFormat.Csv.USUAL,
            FileFormat.Sheet.USUAL,
            StandardCharsets.UTF_8,
            types);
    return Findings.of(
        new FilesInspection(
            new FilesSettings(
                "school",
                folder.resolve("exports").toString(),
                () -> StorageSettings.NONE,
                Map.of("rooms", stream)),
            new LocalCopies(folder.resolve("copies"), 0, Clock.systemUTC()),
            Findings.decoder(scratch),
            scratch),
        new WantedStream("rooms", List.of(key), Optional.empty()));
  }

  @Test
  void readsTheSmallestFileAndTellsHow() throws IOException {
    write("a/rooms-1.csv", "code;seats\nA1;30\nB2;20\nC3;10\n");
    write("a/rooms-2.csv", "code;seats\nD4;30\n");
    write("rooms-3.csv", "");
    write("other.txt", "");

    Findings findings = check("**rooms-*.csv", Map.of(), "code");

    assertThat(findings.all()).extracting(Finding::state).containsOnly(State.OK);
    assertThat(findings.of("location", State.OK)).contains("exports is there, with 4 files");
    assertThat(findings.of("files", State.OK)).contains("rooms: 3 named **rooms-*.csv");
    assertThat(findings.of("format", State.OK))
        .contains("rooms: a/rooms-2.csv reads as csv")
        .contains("delimiter ;")
        .contains("2 columns, 1 rows");
  }

  @Test
  void saysThatTheFolderOrTheFileIsNotThere() throws IOException {
    assertThat(check("*.csv", Map.of()).of("location", State.UNREACHABLE))
        .contains("there is no folder")
        .contains("correct location in sources/school.yaml");
    write("halls.csv", "code\nA1\n");
    assertThat(check("rooms*.csv", Map.of()).of("files", State.PROBLEM))
        .contains("no file is named rooms*.csv")
        .contains("there are halls.csv")
        .contains("put a file there, or correct files of stream rooms");
  }

  @Test
  void saysThatAFileIsNotWhatItsNameSaysOrAValueDoesNotFitWithoutShowingIt() throws IOException {
    write("rooms.parquet", "a name that nobody may see");
    assertThat(check("*.parquet", Map.of()).of("format", State.PROBLEM))
        .contains("rooms.parquet")
        .contains("format, encoding, csv, excel or columns of stream rooms")
        .doesNotContain("nobody may see");
    write("rooms.csv", "code;seats\nA1;Ada Lovelace\n");
    assertThat(check("*.csv", Map.of("seats", DataType.BIGINT)).of("format", State.PROBLEM))
        .contains("rooms.csv")
        .doesNotContain("Lovelace");
  }

  @Test
  void saysThatThereIsNoSuchKey() throws IOException {
    write("rooms.csv", "code;seats\nA1;30\n");
    assertThat(check("*.csv", Map.of(), "number").of("primary_key", State.PROBLEM))
        .contains("there is no column number")
        .contains("it has code, seats");
  }
}
