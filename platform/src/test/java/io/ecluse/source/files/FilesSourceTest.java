package io.ecluse.source.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.DataType;
import io.ecluse.source.Source;
import io.ecluse.staging.BatchManifest;
import io.ecluse.storage.StorageSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

class FilesSourceTest extends FilesLab {
  @Override
  protected Source source() throws IOException {
    StringBuilder people = new StringBuilder("id;name;born;grade\n");
    for (Person p : PEOPLE) {
      String name = p.name().isEmpty() ? "" : "\"" + p.name().replace("\"", "\"\"") + "\"";
      people.append(p.id()).append(';').append(name).append(';');
      people.append(p.born()).append(';').append(p.grade()).append('\n');
    }
    write("people.csv", people.toString());
    write("empty.csv", "id,name\n");
    StringBuilder marks = new StringBuilder();
    for (int i = 0; i < MARKS; i++) {
      marks.append("{\"id\":%d,\"mark\":\"%s\"}\n".formatted(i, mark(i)));
      if (i == MARKS / 2) {
        write("marks-1.ndjson", marks.toString());
        marks.setLength(0);
      }
    }
    gzip("marks-2.ndjson.gz", marks.toString());
    Map<String, FilesSettings.Stream> streams = new LinkedHashMap<>();
    streams.put("marks", stream("marks-*"));
    streams.put("people", stream("people.csv"));
    streams.put("empty", stream("empty.csv"));
    return new FilesSource(
        new FilesSettings("school", data().toString(), () -> StorageSettings.NONE, streams),
        stage(),
        files());
  }

  @Test
  void leavesAReceiptOfWhatItCost() throws Exception {
    Map<String, String> receipt = receipt(source());

    assertThat(Long.parseLong(receipt.get("impact_bytes_sent"))).isGreaterThan(MARKS * 10L);
    assertThat(receipt).containsKey("impact_seconds").containsEntry("impact_connections", "1");
  }

  @Override
  protected Source unreachable() {
    return at(folder.resolve("nowhere"), stream("*"));
  }

  @Override
  protected Source refused() throws IOException {
    return at(Files.writeString(folder.resolve("a-file"), "id\n"), stream("*"));
  }

  @Test
  void takesTheNarrowestTypeThatLosesNothing() throws IOException {
    write(
        "people.csv",
        """
        id,zip,phone,rate,born,seen,moment,ok,odd,big,french
        1,01000,0612345678,1.5,2001-02-03,2001-02-03 04:05:06,2001-02-03T04:05:06Z,true,1,9007199254740993,31/12/2024
        2,75001,0612345679,2,2001-02-04,2001-02-03 04:05:07.25,2001-02-03T04:05:06+02:00,false,x,12345678901234567890,01/02/2024
        """);

    BatchManifest batch = land(stream("people.csv"), "x1");

    assertThat(columns(batch))
        .containsExactly(
            "id BIGINT",
            "zip VARCHAR",
            "phone VARCHAR",
            "rate DOUBLE",
            "born DATE",
            "seen TIMESTAMP",
            "moment TIMESTAMPTZ",
            "ok BOOLEAN",
            "odd VARCHAR",
            "big VARCHAR",
            "french VARCHAR");
    assertThat(rows(batch, "select zip, phone, big, epoch(moment) from %s order by id"))
        .containsExactly(
            List.of("01000", "0612345678", "9007199254740993", "9.81173106E8"),
            List.of("75001", "0612345679", "12345678901234567890", "9.81165906E8"));
  }

  @Test
  void seesATextFarDownInAColumnOfNumbers() throws IOException {
    StringBuilder text = new StringBuilder("id,room\n");
    for (int i = 0; i < 40_000; i++) {
      text.append(i).append(',').append(i == 39_000 ? "12 bis" : String.valueOf(i)).append('\n');
    }
    write("people.csv", text.toString());

    BatchManifest batch = land(stream("people.csv"), "x1");

    assertThat(columns(batch)).containsExactly("id BIGINT", "room VARCHAR");
    assertThat(rows(batch, "select count(*), count(room) from %s"))
        .containsExactly(List.of("40000", "40000"));
  }

  @Test
  void putsFilesWithDifferentColumnsTogether() throws IOException {
    write("a.csv", "id,name\n1,Ann\n");
    write("b.json", "[{\"id\": 2.5, \"name\": \"12\", \"tags\": [1, {\"a\": null}]}]");

    write("c.json", "[]");

    BatchManifest batch = land(stream("*"), "x1");

    assertThat(columns(batch)).containsExactly("id DOUBLE", "name VARCHAR", "tags VARCHAR");
    assertThat(rows(batch, "select * from %s order by id"))
        .containsExactly(List.of("1.0", "Ann", "null"), List.of("2.5", "12", "[1,{\"a\":null}]"));
  }

  @Test
  void knowsAColumnByItsNameInCapitalsToo() throws IOException {
    write("a.csv", "Id,Name\n1,007\n");
    write("b.csv", "ID,NAME\n2,008\n");
    write("c.json", "[{\"id\": 3, \"name\": \"9\"}]");
    Map<String, DataType> types = Map.of("name", DataType.INTEGER);

    BatchManifest batch =
        land(stream("*", FilesSettings.Mode.FULL, StandardCharsets.UTF_8, types), "x1");

    assertThat(columns(batch)).containsExactly("Id BIGINT", "Name INTEGER");
    assertThat(rows(batch, "select * from %s order by id"))
        .containsExactly(List.of("1", "7"), List.of("2", "8"), List.of("3", "9"));
  }

  @Test
  void namesFileAndLineThatCannotBeReadButNotWhatStandsThere() throws IOException {
    write("a.csv", "id;name\n1;Ann\n");
    write("b.csv", "id;name\n1;Ann\n2;Bob;secret-data\n");
    assertInvalid("b.csv, line 3", "3 columns where 2 are expected");

    write("b.csv", "id,name\n1,\u00e9\n", WINDOWS);
    assertInvalid("b.csv", "encoding: windows-1252");

    Files.delete(data().resolve("b.csv"));
    write("b.ndjson", "{\"id\": 1, \"name\": \"secret-data\"}\n{\"id\": secret-data\n");
    assertInvalid("b.ndjson, line 2", "not JSON");

    Files.delete(data().resolve("b.ndjson"));
    write("b.json", "[{\"id\": 1},\n{\"id\": 2}, {\"id\": secret-data}]");
    assertInvalid("b.json, record 3", "not JSON");
    write("b.json", "[1, 2]");
    assertInvalid("b.json", "no objects");

    Files.delete(data().resolve("b.json"));
    write("b.parquet", "secret-data");
    assertInvalid("b.parquet", "not a Parquet file");

    Files.delete(data().resolve("b.parquet"));
    write("b.csv.gz", "secret-data");
    assertInvalid("b.csv.gz", "not gzip");
    assertThat(staging().list("school", "people")).isEmpty();
  }

  private void assertInvalid(String where, String why) {
    assertThatThrownBy(() -> land(stream("*"), "x1"))
        .hasMessageContaining(where)
        .hasMessageContaining(why)
        .hasStackTraceContaining("EcluseException")
        .satisfies(e -> assertThat(stackTrace(e)).doesNotContain("secret-data"))
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.DATA_INVALID);
  }

  private static String stackTrace(Throwable e) {
    var text = new java.io.StringWriter();
    e.printStackTrace(new java.io.PrintWriter(text));
    return text.toString();
  }

  @Test
  void readsOtherEncodingsAndZips() throws IOException {
    write("a.csv", "id\tname\n1\té€\n", WINDOWS);
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(write("b.csv.zip", "")))) {
      zip.putNextEntry(new ZipEntry("b.csv"));
      zip.write("id,name\n2,ü\n".getBytes(WINDOWS));
      zip.closeEntry();
    }

    BatchManifest batch = land(stream("*", FilesSettings.Mode.FULL, WINDOWS, Map.of()), "x1");

    assertThat(rows(batch, "select id, name from %s order by id"))
        .containsExactly(List.of("1", "é€"), List.of("2", "ü"));
    assertThat(batch.parts().get(0).origin().orElseThrow().reading())
        .isEqualTo("csv, delimiter tab, quote \", header, windows-1252");
  }

  @Test
  void holdsOnToTheTypesThatAreSaid() throws IOException {
    Map<String, DataType> types = Map.of("zip", DataType.VARCHAR, "price", DataType.decimal(10, 2));
    FilesSettings.Stream stream =
        stream("*", FilesSettings.Mode.FULL, StandardCharsets.UTF_8, types);
    write("a.csv", "zip,price\n75001,12.5\n");

    assertThat(columns(land(stream, "x1"))).containsExactly("zip VARCHAR", "price DECIMAL(10,2)");

    write("a.csv", "zip,price\n75001,12.5\n75002,dear\n");
    assertThatThrownBy(() -> land(stream, "x2"))
        .hasMessageContaining("a.csv, row 2: column price is to be DECIMAL(10,2)")
        .hasMessageNotContaining("dear");
  }

  private FilesSettings.Stream newFiles() {
    return stream("*.csv", FilesSettings.Mode.NEW_FILES, StandardCharsets.UTF_8, Map.of());
  }

  @Test
  void readsNewAndChangedFilesAndKeepsTheOthers() throws IOException {
    FileTime then = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
    Files.setLastModifiedTime(write("1.csv", "id,name\n1,Ann\n"), then);
    Files.setLastModifiedTime(write("2.csv", "id,name\n2,Bob\n"), then);
    BatchManifest first = land(newFiles(), "x1");

    // were it read again, its new content would show
    Files.setLastModifiedTime(write("1.csv", "id,name\n9,Ann\n"), then);
    write("2.csv", "id,name\n22,Bob\n");
    write("3.csv", "id,name\n3,Cid\n");
    BatchManifest second = land(newFiles(), "x2");
    Files.delete(data().resolve("1.csv"));
    staging().delete(first);
    BatchManifest third = land(newFiles(), "x3");

    assertThat(files(third)).containsExactly("1.csv", "2.csv", "3.csv");
    assertThat(rows(second, "select id from %s order by id"))
        .containsExactly(List.of("1"), List.of("3"), List.of("22"));
    assertThat(rows(third, "select id from %s order by id"))
        .containsExactly(List.of("1"), List.of("3"), List.of("22"));
  }

  @Test
  void readsAllFilesAgainWhenNewOnesHaveOtherColumns() throws IOException {
    write("1.csv", "id,room\n1,7\n");
    land(newFiles(), "x1");
    write("2.csv", "id,room,floor\n2,7 bis,1\n");

    BatchManifest second = land(newFiles(), "x2");

    assertThat(columns(second)).containsExactly("id BIGINT", "room VARCHAR", "floor BIGINT");
    assertThat(rows(second, "select * from %s order by id"))
        .containsExactly(List.of("1", "7", "null"), List.of("2", "7 bis", "1"));

    Files.delete(data().resolve("1.csv"));
    write("3.csv", "id,room,floor,door\n3,7,1,1\n");
    assertThatThrownBy(() -> land(newFiles(), "x3"))
        .hasMessageContaining("1.csv cannot be read again")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.SOURCE_CHANGED);
  }

  @Test
  void namesTheFilesThereAreWhenNoneFits() throws IOException {
    write("students-2024.csv", "id\n1\n");

    assertThatThrownBy(() -> land(stream("student_*.csv"), "x1"))
        .hasMessageContaining("student_*.csv")
        .hasMessageContaining("there are students-2024.csv")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.SOURCE_MISSING_STREAM);
  }

  private Source several(Map<String, String> streams) {
    Map<String, FilesSettings.Stream> all = new LinkedHashMap<>();
    streams.forEach((name, files) -> all.put(name, stream(files)));
    return new FilesSource(
        new FilesSettings("school", data().toString(), () -> StorageSettings.NONE, all),
        stage(),
        files());
  }

  @Test
  void followsNoLinkOutOfItsLocation() throws IOException {
    write("people.csv", "id\n1\n");
    Path secret = Files.writeString(folder.resolve("secret.csv"), "password\nx\n");
    Path below = Files.createDirectories(folder.resolve("elsewhere"));
    Files.writeString(below.resolve("key.csv"), "key\ny\n");
    Files.createSymbolicLink(data().resolve("rooms.csv"), secret);
    Files.createSymbolicLink(data().resolve("more"), below);
    Source source =
        several(
            Map.of(
                "people",
                "people.csv",
                "rooms",
                "rooms.csv",
                "keys",
                "more/*.csv",
                "all",
                "**/*.csv"));

    assertThat(rows(extract(source, "x1", "people"), "select id from %s"))
        .containsExactly(List.of("1"));
    assertThatThrownBy(() -> extract(source, "x2", "rooms"))
        .hasMessageContaining(
            "rooms.csv is a symbolic link that leads out of the source's location");
    assertThatThrownBy(() -> extract(source, "x3", "keys"))
        .hasMessageContaining("more is a symbolic link that leads out");
    assertThatThrownBy(() -> extract(source, "x4", "all")).hasMessageContaining("leads out");
    assertThat(staging().list("school", "rooms")).isEmpty();
  }

  @Test
  void aLoopOfLinksIsAnErrorForTheStreamsThatGoThere() throws IOException {
    write("people.csv", "id\n1\n");
    write("rooms/a.csv", "id\n2\n");
    Files.createSymbolicLink(data().resolve("rooms/again"), data());
    Files.createSymbolicLink(data().resolve("dead.csv"), data().resolve("nowhere"));
    Files.createSymbolicLink(data().resolve("alias.csv"), data().resolve("people.csv"));
    Source source =
        several(
            Map.of(
                "people",
                "people.csv",
                "rooms",
                "rooms/*.csv",
                "all",
                "rooms/**",
                "alias",
                "alias.csv",
                "dead",
                "d*.csv"));

    assertThat(rows(extract(source, "x1", "people"), "select id from %s"))
        .containsExactly(List.of("1"));
    assertThat(rows(extract(source, "x2", "rooms"), "select id from %s"))
        .containsExactly(List.of("2"));
    assertThat(rows(extract(source, "x3", "alias"), "select id from %s"))
        .as("a link that stays inside is a file like others")
        .containsExactly(List.of("1"));
    assertThatThrownBy(() -> extract(source, "x4", "all"))
        .hasMessageContaining("rooms/again is a symbolic link to a folder that it is in");
    assertThatThrownBy(() -> extract(source, "x5", "dead"))
        .hasMessageContaining("dead.csv is a symbolic link to nothing");
  }
}
