package io.ecluse.project;

import io.ecluse.schema.DataType;
import java.nio.charset.Charset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Makes what a {@link SourceFile} says of a source that is no PostgreSQL. */
final class AccessAssembly {
  private AccessAssembly() {}

  static SourceFile.Folder folder(Value.Entries content) {
    Map<String, SourceFile.Files> streams = new LinkedHashMap<>();
    Value.Entries declared = content.entries("streams");
    declared.values().keySet().forEach(s -> streams.put(s, files(declared.entries(s))));
    return new SourceFile.Folder(
        new Template(content.text("location", "")), StoreAccess.of(content), streams);
  }

  private static SourceFile.Files files(Value.Entries content) {
    Value.Entries csv = content.entries("csv");
    return new SourceFile.Files(
        content.text("files", ""),
        ProjectAssembly.constant(SourceFile.Mode.class, content.text("mode", "full")),
        text(content, "format"),
        new SourceFile.Csv(
            text(csv, "delimiter"),
            text(csv, "quote"),
            SourceAssembly.flag(csv, "header"),
            text(csv, "null"),
            csv.whole("skip").orElse(0),
            text(csv, "comment")),
        sheet(content.entries("excel")),
        Charset.forName(content.text("encoding", "utf-8")),
        types(content));
  }

  private static SourceFile.Sheet sheet(Value.Entries excel) {
    return new SourceFile.Sheet(
        excel.number("sheet").map(n -> n.toPlainString()).or(() -> text(excel, "sheet")),
        text(excel, "start"),
        SourceAssembly.flag(excel, "header"));
  }

  /** The types that are said of columns. */
  static Map<String, DataType> types(Value.Entries stream) {
    Map<String, DataType> types = new LinkedHashMap<>();
    Value.Entries columns = stream.entries("columns");
    for (String column : columns.values().keySet()) {
      text(columns.entries(column), "type")
          .flatMap(DataType::parse)
          .ifPresent(type -> types.put(column, type));
    }
    return types;
  }

  static SourceFile.Url url(Value.Entries connection) {
    return new SourceFile.Url(
        new Template(connection.text("url", "")),
        text(connection, "user").map(Template::new),
        text(connection, "password").map(Template::new),
        text(connection, "driver_jar"));
  }

  private static Optional<String> text(Value.Entries entries, String key) {
    return entries.text(key).map(Value.Text::text);
  }
}
