package io.ecluse.source.files;

import io.ecluse.project.Value;
import io.ecluse.schema.DataType;
import io.ecluse.source.Declared;
import io.ecluse.source.FileFormat;
import io.ecluse.source.Stores;
import io.ecluse.storage.StorageSettings;
import io.ecluse.storage.Storages;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A folder in which files appear.
 *
 * @param name of the source
 * @param location the folder that holds them, on this machine or elsewhere
 * @param access how a store elsewhere is reached; asked when it is
 * @param streams by name
 */
public record FilesSettings(
    String name, String location, Supplier<StorageSettings> access, Map<String, Stream> streams) {
  public FilesSettings {
    streams = Collections.unmodifiableMap(new LinkedHashMap<>(streams));
  }

  /** As a project's file says it. SECRET_MISSING, of its store's only when that is reached. */
  static FilesSettings of(Declared source) {
    Value.Entries content = source.content();
    String said = source.text(content, "location");
    return new FilesSettings(
        source.name(),
        Storages.isRemote(said) ? said : source.path(said).toString(),
        () -> Stores.settings(content, source.secrets(), source.folder()),
        content.each("streams", (name, stream) -> Stream.of(stream)));
  }

  /** One of its streams. */
  Stream stream(String name) {
    return Objects.requireNonNull(streams.get(name), name);
  }

  /** The folder, if it is on this machine. */
  Path folder() {
    return Path.of(location);
  }

  /** Which files an extract reads. */
  public enum Mode {
    /** All that are there. */
    FULL,
    /** Those that are new or have changed; what was read of others before is kept. */
    NEW_FILES
  }

  /**
   * Files of one kind, together a table.
   *
   * @param files their names, as a glob within the folder
   * @param kind what they hold; told from each one's name if empty
   * @param sheet for workbooks
   * @param types of columns that are not to be found out
   */
  public record Stream(
      String files,
      Mode mode,
      Optional<FileFormat.Kind> kind,
      FileFormat.Csv csv,
      FileFormat.Sheet sheet,
      Charset encoding,
      Map<String, DataType> types) {
    public Stream {
      types = Map.copyOf(types);
    }

    private static Stream of(Value.Entries said) {
      Value.Entries csv = said.entries("csv");
      Value.Entries excel = said.entries("excel");
      return new Stream(
          said.text("files", ""),
          said.choice("mode", Mode.FULL),
          said.word("format").map(f -> FileFormat.Kind.valueOf(f.toUpperCase(Locale.ROOT))),
          new FileFormat.Csv(
              csv.word("delimiter"),
              csv.word("quote"),
              header(csv),
              csv.word("null"),
              csv.whole("skip").orElse(0),
              csv.word("comment")),
          new FileFormat.Sheet(
              excel.value("sheet").flatMap(Value::asText),
              excel.text("start", FileFormat.Sheet.USUAL.start()),
              header(excel)),
          Charset.forName(said.text("encoding", "utf-8")),
          Declared.types(said));
    }

    private static FileFormat.Header header(Value.Entries said) {
      return said.flag("header").orElse(true) ? FileFormat.Header.YES : FileFormat.Header.NO;
    }
  }
}
