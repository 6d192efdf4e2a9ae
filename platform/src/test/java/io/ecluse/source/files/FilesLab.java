package io.ecluse.source.files;

import io.ecluse.schema.DataType;
import io.ecluse.source.FileFormat;
import io.ecluse.source.Source;
import io.ecluse.source.SourceContract;
import io.ecluse.staging.BatchManifest;
import io.ecluse.storage.StorageSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/** Makes files, and reads them as a source does. */
abstract class FilesLab extends SourceContract {
  static final Charset WINDOWS = Charset.forName("windows-1252");

  Path data() {
    return folder.resolve("exports");
  }

  Path write(String name, String text) throws IOException {
    return write(name, text, StandardCharsets.UTF_8);
  }

  Path write(String name, String text, Charset encoding) throws IOException {
    Path file = data().resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text, encoding);
  }

  void gzip(String name, String text) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(write(name, "")))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  static FilesSettings.Stream stream(String files) {
    return stream(files, FilesSettings.Mode.FULL, StandardCharsets.UTF_8, Map.of());
  }

  static FilesSettings.Stream stream(
      String files, FilesSettings.Mode mode, Charset encoding, Map<String, DataType> types) {
    return new FilesSettings.Stream(
        files,
        mode,
        Optional.empty(),
        FileFormat.Csv.USUAL,
        FileFormat.Sheet.USUAL,
        encoding,
        types);
  }

  Source at(Path where, FilesSettings.Stream stream) {
    return new FilesSource(
        new FilesSettings(
            "school", where.toString(), () -> StorageSettings.NONE, Map.of("people", stream)),
        stage(),
        files());
  }

  BatchManifest land(FilesSettings.Stream stream, String id) {
    return extract(at(data(), stream), id, "people");
  }

  static List<String> columns(BatchManifest batch) {
    return batch.columns().stream()
        .map(c -> c.column().name() + " " + c.column().type().sql())
        .toList();
  }

  static List<String> files(BatchManifest batch) {
    return batch.parts().stream().map(p -> p.origin().orElseThrow().file()).toList();
  }
}
