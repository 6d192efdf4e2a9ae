package io.ecluse.source.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.schema.DataType;
import io.ecluse.source.FileFormat;
import io.ecluse.source.Source;
import io.ecluse.source.SourceContract;
import io.ecluse.staging.BatchManifest;
import io.ecluse.storage.StorageSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/** Makes workbooks, and reads them as a source does. */
abstract class Workbooks extends SourceContract {
  static final String DAY = "yyyy-mm-dd";

  static void header(Worksheet sheet, String... names) {
    for (int i = 0; i < names.length; i++) {
      sheet.value(0, i, names[i]);
    }
  }

  static void people(Worksheet sheet) {
    header(sheet, "id", "name", "born", "grade");
    for (Person person : PEOPLE) {
      int row = person.id();
      sheet.value(row, 0, person.id());
      sheet.value(row, 1, person.name());
      if (!person.born().isEmpty()) {
        sheet.value(row, 2, LocalDate.parse(person.born()));
        sheet.style(row, 2).format(DAY).set();
      }
      if (!person.grade().isEmpty()) {
        sheet.value(row, 3, new BigDecimal(person.grade()));
      }
    }
  }

  static void marks(Worksheet sheet) {
    header(sheet, "id", "mark");
    for (int i = 0; i < MARKS; i++) {
      sheet.value(i + 1, 0, i);
      sheet.value(i + 1, 1, mark(i));
    }
  }

  Path data() {
    return folder.resolve("exports");
  }

  Path write(String name, Map<String, Consumer<Worksheet>> sheets) throws IOException {
    Path file = data().resolve(name);
    Files.createDirectories(file.getParent());
    try (OutputStream out = Files.newOutputStream(file);
        Workbook workbook = new Workbook(out, "test", "1.0")) {
      sheets.forEach((title, fill) -> fill.accept(workbook.newWorksheet(title)));
    }
    return file;
  }

  Path write(Consumer<Worksheet> fill) throws IOException {
    return write("people.xlsx", Map.of("Students", fill));
  }

  /** Changes what stands in a part of a workbook. */
  static void change(Path file, String part, String what, String by) throws IOException {
    try (FileSystem zip = FileSystems.newFileSystem(file)) {
      Path path = zip.getPath(part);
      String text = Files.readString(path);
      assertThat(text).contains(what);
      Files.writeString(path, text.replace(what, by));
    }
  }

  static FileFormat.Sheet sheet(String name, String start) {
    return new FileFormat.Sheet(Optional.of(name), start, FileFormat.Header.YES);
  }

  static FilesSettings.Stream stream(String files, FileFormat.Sheet sheet) {
    return new FilesSettings.Stream(
        files,
        FilesSettings.Mode.FULL,
        Optional.empty(),
        FileFormat.Csv.USUAL,
        sheet,
        StandardCharsets.UTF_8,
        Map.of("code", DataType.VARCHAR));
  }

  Source at(Path where, FileFormat.Sheet sheet) {
    return new FilesSource(
        new FilesSettings(
            "school",
            where.toString(),
            () -> StorageSettings.NONE,
            Map.of("people", stream("people.*", sheet))),
        stage(),
        files());
  }

  BatchManifest land(FileFormat.Sheet sheet) {
    return extract(at(data(), sheet), "x1", "people");
  }

  static List<String> columns(BatchManifest batch) {
    return batch.columns().stream()
        .map(c -> c.column().name() + " " + c.column().type().sql())
        .toList();
  }
}
