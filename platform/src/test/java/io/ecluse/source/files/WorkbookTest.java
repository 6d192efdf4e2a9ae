package io.ecluse.source.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.FileFormat;
import io.ecluse.source.Source;
import io.ecluse.staging.BatchManifest;
import io.ecluse.storage.StorageSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Files that are workbooks, written by a library that is not the one that reads them. */
class WorkbookTest extends Workbooks {
  @Override
  protected Source source() throws IOException {
    write(
        "people.xlsx",
        Map.of("people", WorkbookTest::people, "empty", s -> header(s, "id", "name")));
    write("marks.xlsx", Map.of("marks", WorkbookTest::marks));
    Map<String, FilesSettings.Stream> streams = new LinkedHashMap<>();
    streams.put("marks", stream("marks.xlsx", FileFormat.Sheet.USUAL));
    streams.put("people", stream("people.xlsx", sheet("people", "A1")));
    streams.put("empty", stream("people.xlsx", sheet("empty", "A1")));
    return new FilesSource(
        new FilesSettings("school", data().toString(), () -> StorageSettings.NONE, streams),
        stage(),
        files());
  }

  @Override
  protected Source unreachable() {
    return at(folder.resolve("nowhere"), FileFormat.Sheet.USUAL);
  }

  @Override
  protected Source refused() throws IOException {
    return at(Files.writeString(folder.resolve("a-file"), "id\n"), FileFormat.Sheet.USUAL);
  }

  @Test
  void takesTheTypesThatTheWorkbookTells() throws IOException {
    write(
        s -> {
          header(s, "id", "rate", "born", "seen", "ok", "code", "zip", "mixed", "at", "none");
          s.value(1, 0, 1);
          s.value(1, 1, 0.1 + 0.2);
          s.value(1, 2, LocalDate.of(1900, 1, 1));
          s.style(1, 2).format(DAY).set();
          s.value(1, 3, LocalDateTime.of(2024, 2, 29, 13, 5, 7));
          s.style(1, 3).format("dd/mm/yyyy hh:mm:ss").set();
          s.value(1, 4, true);
          s.value(1, 5, 12);
          s.value(1, 6, "01000");
          s.value(1, 7, 7);
          s.value(1, 8, 0.5);
          s.style(1, 8).format("hh:mm").set();
          s.value(2, 0, 9007199254740991L);
          s.value(2, 1, 3);
          s.value(2, 2, LocalDate.of(2024, 12, 31));
          s.style(2, 2).format("[$-40C]d mmmm yyyy").set();
          s.value(2, 3, LocalDate.of(2024, 3, 1));
          s.style(2, 3).format("dd/mm/yyyy").set();
          s.value(2, 7, "sept, \"7\"\n");
        });

    BatchManifest batch = land(FileFormat.Sheet.USUAL);

    assertThat(columns(batch))
        .containsExactly(
            "id BIGINT",
            "rate DOUBLE",
            "born DATE",
            "seen TIMESTAMP",
            "ok BOOLEAN",
            "code VARCHAR",
            "zip VARCHAR",
            "mixed VARCHAR",
            "at VARCHAR",
            "none VARCHAR");
    assertThat(
            rows(
                batch,
                "select id, rate, born, seen::varchar, ok, code, zip, mixed, at from %s order by rate"
                    .replace("at from", "\"at\" from")))
        .containsExactly(
            List.of(
                "1",
                "0.30000000000000004",
                "1900-01-01",
                "2024-02-29 13:05:07",
                "true",
                "12",
                "01000",
                "7",
                "12:00:00"),
            List.of(
                "9007199254740991",
                "3.0",
                "2024-12-31",
                "2024-03-01 00:00:00",
                "null",
                "null",
                "null",
                "sept, \"7\"\n",
                "null"));
    assertThat(batch.parts().get(0).origin().orElseThrow().reading())
        .isEqualTo("xlsx, sheet Students, from A1, header");
  }

  @Test
  void beginsWhereTheProjectSays() throws IOException {
    write(
        "people.xlsx",
        Map.of(
            "Élèves 2024",
            s -> {
              s.value(0, 0, "List of the students, printed on Monday");
              s.value(3, 1, "id");
              s.value(3, 2, " name ");
              s.value(3, 4, "id");
              s.value(4, 1, 1);
              s.value(4, 3, "x");
              s.value(6, 1, 2);
            }));

    BatchManifest batch = land(sheet("Élèves 2024", "B4"));

    assertThat(columns(batch))
        .containsExactly("id BIGINT", "name VARCHAR", "column_D VARCHAR", "id_E VARCHAR");
    assertThat(rows(batch, "select id, column_D from %s order by id"))
        .containsExactly(List.of("1", "x"), List.of("2", "null"));
    assertThat(land(sheet("1", "B4")).rows()).isEqualTo(2);
  }

  @Test
  void readsRowsWithoutAHeaderAndPackedWorkbooks() throws IOException {
    Path file =
        write(
            s -> {
              s.value(0, 0, 1);
              s.value(0, 1, "a");
              s.value(1, 0, 2);
            });
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(data().resolve("people.xlsx.gz")))) {
      out.write(Files.readAllBytes(file));
    }
    Files.delete(file);

    BatchManifest batch = land(new FileFormat.Sheet(Optional.empty(), "A1", FileFormat.Header.NO));

    assertThat(rows(batch, "select column_A, column_B from %s order by 1"))
        .containsExactly(List.of("1", "a"), List.of("2", "null"));
  }

  private void refuses(String message) {
    assertThatThrownBy(() -> land(FileFormat.Sheet.USUAL))
        .hasMessageContaining(message)
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.DATA_INVALID);
    assertThat(staging().list("school", "people")).isEmpty();
  }

  @Test
  void readsWhatFormulasGaveAndRefusesThoseThatFailed() throws IOException {
    Path file =
        write(
            s -> {
              header(s, "id", "double");
              s.value(1, 0, 21);
              s.formula(1, 1, "A2*2");
            });
    refuses(
        "people.xlsx, sheet Students, cell B2: a formula stands there that was never calculated");

    change(file, "xl/worksheets/sheet1.xml", "<f>A2*2</f>", "<f>A2*2</f><v>42</v>");
    assertThat(rows(land(FileFormat.Sheet.USUAL), "select \"double\" from %s"))
        .containsExactly(List.of("42"));

    staging().list("school", "people").forEach(staging()::delete);
    change(
        file,
        "xl/worksheets/sheet1.xml",
        "<c r=\"B2\"><f>A2*2</f><v>42</v>",
        "<c r=\"B2\" t=\"e\"><f>A2/0</f><v>#DIV/0!</v>");
    refuses("people.xlsx, sheet Students, cell B2: #DIV/0! stands there");
    change(
        file,
        "xl/worksheets/sheet1.xml",
        "<c r=\"A2\" t=\"n\"><v>21</v></c>",
        "<c r=\"A2\" t=\"e\"><v>#N/A</v></c>");
    refuses("people.xlsx, sheet Students, cell A2: #N/A stands there");
  }

  @Test
  void refusesWhatIsNoTable() throws IOException {
    write(
        s -> {
          header(s, "id");
          s.value(1, 0, 1);
          s.value(1, 3, "a secret remark");
        });
    refuses("cell D2: stands right of the last column that has a name");

    write(s -> {});
    refuses("there is nothing from cell A1 on");
    assertThatThrownBy(() -> land(sheet("Teachers", "A1")))
        .hasMessageContaining("there is no sheet Teachers; the sheets are Students");

    Files.writeString(data().resolve("people.xlsx"), "id;name\n");
    refuses("people.xlsx: this is no workbook of the kind .xlsx");

    byte[] old = HexFormat.of().parseHex("d0cf11e0a1b11ae10000000000000000");
    Files.write(data().resolve("people.xlsx"), old);
    refuses("people.xlsx is an old workbook (.xls), or one with a password");

    Files.move(data().resolve("people.xlsx"), data().resolve("people.xls"));
    refuses("people.xls is a workbook of an old or binary kind");
  }

  @Test
  void readsCharactersThatAWorkbookWritesByTheirNumbers() throws IOException {
    Path file =
        write(
            s -> {
              header(s, "a", "b");
              s.value(1, 0, "one");
              s.value(1, 1, "two");
              s.value(2, 0, "three");
              s.value(2, 1, "_x00");
            });
    change(file, "xl/sharedStrings.xml", ">a<", ">name_x000D__x000A_of_x0020_it<");
    change(file, "xl/sharedStrings.xml", ">one<", ">x_x000D__x000A_y<");
    change(file, "xl/sharedStrings.xml", ">two<", ">_x005F_x0041_<");
    change(file, "xl/sharedStrings.xml", ">three<", ">_xD83D__xDE00_<");
    change(file, "xl/workbook.xml", "Students", "Stu_x0064_ents");

    BatchManifest batch = land(sheet("Students", "A1"));
    String name = "\"name\r\nof it\"";
    assertThat(rows(batch, "select " + name + ", b from %s order by b desc"))
        .containsExactly(List.of("x\r\ny", "_x0041_"), List.of("😀", "_x00"));
  }

  @Test
  void readsDatesThatAreWrittenAsTexts() throws IOException {
    Path file =
        write(
            s -> {
              header(s, "day", "moment", "time");
              for (int row = 1; row <= 2; row++) {
                s.value(row, 0, 11 * row);
                s.value(row, 1, 22.5 * row);
                s.value(row, 2, 0.25 * row);
              }
            });
    String sheet = "xl/worksheets/sheet1.xml";
    change(file, sheet, "<v>11</v>", "<v>2024-02-29</v>");
    change(file, sheet, "<v>22</v>", "<v>1850-01-01T00:00:00</v>");
    change(file, sheet, "<v>22.5</v>", "<v>2024-02-29T10:11:12.5</v>");
    change(file, sheet, "<v>45.0</v>", "<v>2024-02-29T00:00:00Z</v>");
    change(file, sheet, "<v>0.25</v>", "<v>06:07:08</v>");
    change(file, sheet, "<v>0.5</v>", "<v>23:59:59.999</v>");
    change(file, sheet, " t=\"n\"", " t=\"d\"");

    BatchManifest batch = land(FileFormat.Sheet.USUAL);

    assertThat(columns(batch)).containsExactly("day DATE", "moment TIMESTAMP", "time VARCHAR");
    assertThat(rows(batch, "select day, moment::varchar, time from %s order by day"))
        .containsExactly(
            List.of("1850-01-01", "2024-02-29 00:00:00", "23:59:59.999"),
            List.of("2024-02-29", "2024-02-29 10:11:12.5", "06:07:08"));
  }

  @Test
  void readsTheNamesOfStrictOpenXml() throws IOException {
    Path file =
        write(
            s -> {
              header(s, "n");
              s.value(1, 0, 7);
            });
    String usual = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    String strict = "http://purl.oclc.org/ooxml/officeDocument/relationships";
    change(file, "xl/workbook.xml", usual, strict);
    change(file, "xl/_rels/workbook.xml.rels", usual, strict);
    change(
        file,
        "xl/worksheets/sheet1.xml",
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main");

    assertThat(rows(land(FileFormat.Sheet.USUAL), "select n from %s"))
        .containsExactly(List.of("7"));
  }

  @Test
  void writesTimeThatHasPassedAsItIsShown() throws IOException {
    write(
        s -> {
          header(s, "t", "m");
          double[] days = {1.5, 0.25, -0.5 / 86_400, 1000};
          for (int i = 0; i < days.length; i++) {
            s.value(i + 1, 0, days[i]);
            s.style(i + 1, 0).format("[h]:mm:ss").set();
            s.value(i + 1, 1, 0.5);
            s.style(i + 1, 1).format("[mm]:ss").set();
          }
        });

    BatchManifest batch = land(FileFormat.Sheet.USUAL);

    assertThat(rows(batch, "select t, m, epoch(t::interval) from %s order by 3"))
        .containsExactly(
            List.of("-00:00:00.500", "12:00:00", "-0.5"),
            List.of("06:00:00", "12:00:00", "21600.0"),
            List.of("36:00:00", "12:00:00", "129600.0"),
            List.of("24000:00:00", "12:00:00", "8.64E7"));
  }
}
