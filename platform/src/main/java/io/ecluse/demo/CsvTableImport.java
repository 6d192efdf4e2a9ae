package io.ecluse.demo;

import io.ecluse.demo.ErpImportReport.Example;
import io.ecluse.demo.ErpImportReport.Kind;
import io.ecluse.demo.ErpTable.Column;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** One CSV file into one table. */
final class CsvTableImport {
  private final ErpTable table;
  private final ImportFindings findings;
  private final Set<Object> keys = new HashSet<>();
  private final List<Field> fields = new ArrayList<>();
  private int width;
  private long read;
  private long loaded;
  private long changed;

  CsvTableImport(ErpTable table, ImportFindings findings) {
    this.table = table;
    this.findings = findings;
  }

  /** A column and where the file has it. */
  private record Field(Column column, int position) {}

  ErpImportReport.Table load(Path file, Connection connection, FillListener listener)
      throws IOException, SQLException {
    try (CsvRows rows = new CsvRows(file)) {
      Optional<CsvRows.Row> header = rows.next();
      if (header.isPresent() && readHeader(header.get())) {
        List<String> columns = fields.stream().map(field -> field.column().name()).toList();
        try (CopyWriter copy = new CopyWriter(connection, table.name(), columns, listener)) {
          loadRows(rows, copy);
          copy.finish();
        }
      } else {
        note(Optional.empty(), "the file has no header that can be read; nothing was loaded");
        rejectRows(rows);
      }
    }
    return new ErpImportReport.Table(table.name(), read, loaded, changed, read - loaded);
  }

  /** Whether rows can be loaded by this header. */
  private boolean readHeader(CsvRows.Row header) {
    width = header.fields().size();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < width; i++) {
      String name = header.fields().get(i).strip().toLowerCase(Locale.ROOT);
      Optional<Column> column = table.column(name);
      if (column.isEmpty()) {
        note(Optional.of(shortened(name)), "the table has no such column; it was not loaded");
      } else if (!seen.add(name)) {
        note(Optional.of(name), "the file has the column twice; the first counts");
      } else {
        fields.add(new Field(column.get(), i));
      }
    }
    for (Column column : table.columns()) {
      if (!seen.contains(column.name())) {
        note(Optional.of(column.name()), absent(column));
      }
    }
    boolean keyed = table.hasSerialKey() || seen.contains(table.key().name());
    return keyed && !fields.isEmpty();
  }

  private String absent(Column column) {
    if (!column.isKey()) {
      return "the file lacks the column; it is NULL";
    }
    return table.hasSerialKey()
        ? "the file lacks the column; rows are numbered in the order of the file"
        : "the file lacks the column, which tells rows apart; nothing was loaded";
  }

  private void loadRows(CsvRows rows, CopyWriter copy) throws IOException, SQLException {
    Optional<CsvRows.Row> row = rows.next();
    while (row.isPresent()) {
      read++;
      loadRow(row.get(), copy);
      row = rows.next();
    }
  }

  private void rejectRows(CsvRows rows) throws IOException {
    Optional<CsvRows.Row> row = rows.next();
    while (row.isPresent()) {
      read++;
      row = rows.next();
    }
  }

  private void loadRow(CsvRows.Row row, CopyWriter copy) throws SQLException {
    if (row.mistake().isPresent()) {
      reject(row, Optional.empty(), row.mistake().get(), "");
      return;
    }
    if (row.fields().size() != width) {
      String size = row.fields().size() + " fields";
      reject(row, Optional.empty(), "the header has %d fields".formatted(width), size);
      return;
    }
    List<CsvValue> values = new ArrayList<>(fields.size());
    for (Field field : fields) {
      String text = row.fields().get(field.position());
      try {
        CsvValue value = CsvValue.of(text, field.column());
        if (field.column().isKey() && !keys.add(value.key())) {
          throw new CsvValue.Unfit("the key is that of an earlier row");
        }
        values.add(value);
      } catch (CsvValue.Unfit e) {
        // the key of a row that is left out may come again
        forgetKey(field, values);
        reject(row, Optional.of(field.column().name()), e.reason(), shown(text, field.column()));
        return;
      }
    }
    write(row, values, copy);
  }

  private void forgetKey(Field failed, List<CsvValue> values) {
    for (int i = 0; i < values.size(); i++) {
      if (fields.get(i).column().isKey() && !failed.column().isKey()) {
        keys.remove(values.get(i).key());
      }
    }
  }

  private void write(CsvRows.Row row, List<CsvValue> values, CopyWriter copy) throws SQLException {
    copy.row();
    for (int i = 0; i < values.size(); i++) {
      values.get(i).writing().accept(copy);
      Optional<String> change = values.get(i).changed();
      if (change.isPresent()) {
        Field field = fields.get(i);
        changed++;
        findings.add(
            Kind.CHANGED,
            table.name(),
            Optional.of(field.column().name()),
            change.get(),
            new Example(row.line(), shown(row.fields().get(field.position()), field.column())));
      }
    }
    loaded++;
  }

  private void reject(CsvRows.Row row, Optional<String> column, String reason, String value) {
    findings.add(Kind.REJECTED, table.name(), column, reason, new Example(row.line(), value));
  }

  private void note(Optional<String> column, String reason) {
    findings.note(table.name(), column, reason);
  }

  private static String shown(String text, Column column) {
    return column.isPersonal() ? text.length() + " characters" : "\"" + shortened(text) + "\"";
  }

  private static String shortened(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= 40 ? line : line.substring(0, 40) + "…";
  }
}
