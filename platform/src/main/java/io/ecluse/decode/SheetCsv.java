package io.ecluse.decode;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.ecluse.error.DiskFull;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.DataType;
import io.ecluse.source.FileDecoder;
import io.ecluse.source.FileFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dhatim.fastexcel.reader.Cell;
import org.dhatim.fastexcel.reader.CellAddress;
import org.dhatim.fastexcel.reader.ExcelReaderException;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.ReadingOptions;
import org.dhatim.fastexcel.reader.Row;
import org.dhatim.fastexcel.reader.Sheet;
import org.dhatim.fastexcel.reader.SheetVisibility;

/**
 * Writes the rows of a workbook's sheet as CSV, one after the other, and finds their types on the
 * way: a workbook says of each cell whether it is a number, a date, a text. Only the workbook's
 * table of texts is held in memory.
 */
final class SheetCsv {
  /** How it is written. */
  static final FileFormat FORMAT =
      new FileFormat(
          FileFormat.Kind.CSV,
          FileFormat.Packing.NONE,
          FileFormat.Csv.USUAL.written(Optional.of(","), Optional.of("\"")),
          FileFormat.Sheet.USUAL,
          StandardCharsets.UTF_8);

  private final FileDecoder.Input input;
  private final ReadableWorkbook workbook;
  private final Sheet sheet;
  private final CellAddress start;
  private final List<SheetColumn> columns = new ArrayList<>();

  private SheetCsv(FileDecoder.Input input, ReadableWorkbook workbook) {
    this.input = input;
    this.workbook = workbook;
    this.sheet = sheet(input, workbook);
    this.start = new CellAddress(input.format().sheet().start());
  }

  /** What was found. */
  record Facts(Map<String, DataType> types, String reading) {
    List<String> names() {
      return List.copyOf(types.keySet());
    }
  }

  /**
   * Writes it.
   *
   * @param check called for each row; may throw
   * @throws EcluseException DATA_INVALID, naming sheet and cell
   */
  static Facts write(Path workbook, FileDecoder.Input input, Path csv, Runnable check) {
    refuseOld(workbook, input);
    if (!SheetDates.areIn(workbook)) {
      return written(workbook, input, csv, check);
    }
    Path copy = csv.resolveSibling(csv.getFileName() + ".xlsx");
    try {
      SheetDates.copy(workbook, copy, check);
      return written(copy, input, csv, check);
    } catch (IOException e) {
      throw DiskFull.isSaidBy(e.getMessage())
          ? DiskFull.error("unpack " + input.name(), csv, e)
          : unreadable(input, e);
    } finally {
      delete(copy);
    }
  }

  private static void delete(Path copy) {
    try {
      Files.deleteIfExists(copy);
    } catch (IOException e) {
      throw ErrorCode.INTERNAL.error("Could not delete " + copy, e);
    }
  }

  private static Facts written(Path workbook, FileDecoder.Input input, Path csv, Runnable check) {
    try (ReadableWorkbook opened =
            new ReadableWorkbook(workbook.toFile(), new ReadingOptions(true, true));
        CsvWriter out = CsvWriter.builder().build(csv)) {
      SheetCsv reading = new SheetCsv(input, opened);
      return reading.write(out, check);
    } catch (ExcelReaderException e) {
      throw unreadable(input, e);
    } catch (IOException | UncheckedIOException e) {
      throw DiskFull.isSaidBy(e.getMessage())
          ? DiskFull.error("unpack " + input.name(), csv, e)
          : unreadable(input, e);
    }
  }

  private static EcluseException unreadable(FileDecoder.Input input, Exception e) {
    return new EcluseException(
        ErrorCode.DATA_INVALID,
        "%s: this is no workbook of the kind .xlsx, or only a part of one".formatted(input.name()),
        new IllegalStateException(e.getClass().getSimpleName())); // its text may quote a cell
  }

  private static void refuseOld(Path workbook, FileDecoder.Input input) {
    try (InputStream in = Files.newInputStream(workbook)) {
      if (ReadableWorkbook.isOLE2Header(in.readNBytes(8))) {
        throw ErrorCode.DATA_INVALID.error(
            "%s is an old workbook (.xls), or one with a password; save it as .xlsx, without a password"
                .formatted(input.name()));
      }
    } catch (IOException e) {
      throw unreadable(input, e);
    }
  }

  private static Sheet sheet(FileDecoder.Input input, ReadableWorkbook workbook) {
    List<Sheet> sheets = workbook.getSheets().toList();
    Optional<String> wanted = input.format().sheet().sheet();
    Optional<Sheet> found =
        wanted.isEmpty()
            ? sheets.stream().filter(s -> s.getVisibility() == SheetVisibility.VISIBLE).findFirst()
            : sheets.stream().filter(s -> isNamed(s, wanted.get())).findFirst();
    return found
        .or(
            () ->
                wanted
                    .filter(w -> w.matches("\\d{1,5}"))
                    .map(w -> Integer.parseInt(w) - 1)
                    .filter(n -> n >= 0 && n < sheets.size())
                    .map(sheets::get))
        .orElseThrow(
            () ->
                ErrorCode.DATA_INVALID.error(
                    "%s: there is no sheet %s; the sheets are %s"
                        .formatted(
                            input.name(),
                            wanted.orElse("that is not hidden"),
                            sheets.stream()
                                .map(s -> SheetText.of(s.getName()))
                                .collect(Collectors.joining(", ")))));
  }

  private static boolean isNamed(Sheet sheet, String wanted) {
    return sheet.getName().equals(wanted) || SheetText.of(sheet.getName()).equals(wanted);
  }

  private Facts write(CsvWriter out, Runnable check) throws IOException {
    boolean header = input.format().sheet().header() == FileFormat.Header.YES;
    boolean begun = false;
    try (Stream<Row> rows = sheet.openStream()) {
      Iterator<Row> each = rows.iterator();
      while (each.hasNext()) {
        Row row = each.next();
        check.run();
        if (row.getRowNum() > start.getRow() && !isEmpty(row)) {
          if (!begun) {
            name(row, header);
            out.writeRecord(columns.stream().map(SheetColumn::name).toList());
          }
          if (begun || !header) {
            out.writeRecord(values(row));
          }
          begun = true;
        }
      }
    }
    if (!begun) {
      throw ErrorCode.DATA_INVALID.error(
          "%s, sheet %s: there is nothing from cell %s on; say excel.sheet and excel.start"
              .formatted(input.name(), sheet.getName(), start));
    }
    Map<String, DataType> types = new LinkedHashMap<>();
    columns.forEach(c -> types.put(c.name(), c.type()));
    return new Facts(
        types,
        "xlsx, sheet %s, from %s, %s"
            .formatted(SheetText.of(sheet.getName()), start, header ? "header" : "no header"));
  }

  /** Whether nothing stands in a row, from the first column on. */
  private boolean isEmpty(Row row) {
    for (int i = start.getColumn(); i < row.getCellCount(); i++) {
      if (row.getOptionalCell(i).filter(c -> !isEmpty(c)).isPresent()) {
        return false;
      }
    }
    return true;
  }

  private static boolean isEmpty(Cell cell) {
    return cell.getFormula() == null
        && (cell.getRawValue() == null || cell.getRawValue().isBlank())
        && String.valueOf(cell.getValue()).isBlank();
  }

  private void name(Row row, boolean header) {
    for (int i = start.getColumn(); i < row.getCellCount(); i++) {
      Optional<String> text =
          header
              ? row.getOptionalCell(i).flatMap(c -> value(c).map(SheetValue::text))
              : Optional.empty();
      String name =
          text.map(String::strip).filter(t -> !t.isEmpty()).orElse("column_" + letters(i));
      long same = columns.stream().filter(c -> c.name().equalsIgnoreCase(name)).count();
      columns.add(new SheetColumn(same == 0 ? name : name + "_" + letters(i)));
    }
    while (header
        && columns.get(columns.size() - 1).name().startsWith("column_")
        && row.getOptionalCell(start.getColumn() + columns.size() - 1)
            .filter(c -> !isEmpty(c))
            .isEmpty()) {
      columns.remove(columns.size() - 1); // formatted, but without a name: not part of the table
    }
  }

  private List<String> values(Row row) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      int column = i;
      Optional<SheetValue> value = row.getOptionalCell(start.getColumn() + i).flatMap(this::value);
      value.ifPresent(v -> columns.get(column).see(v));
      values.add(value.map(SheetValue::text).orElse(""));
    }
    for (int i = start.getColumn() + columns.size(); i < row.getCellCount(); i++) {
      row.getOptionalCell(i)
          .filter(c -> !isEmpty(c))
          .ifPresent(
              c -> {
                throw wrong(
                    c,
                    "stands right of the last column that has a name; give it one, or remove it");
              });
    }
    return values;
  }

  private Optional<SheetValue> value(Cell cell) {
    if (isEmpty(cell)) {
      return Optional.empty();
    }
    try {
      return SheetValue.of(cell, workbook.isDate1904());
    } catch (SheetValue.Wrong e) {
      throw wrong(cell, e.getMessage());
    }
  }

  private EcluseException wrong(Cell cell, String what) {
    return ErrorCode.DATA_INVALID.error(
        "%s, sheet %s, cell %s: %s"
            .formatted(input.name(), sheet.getName(), cell.getAddress(), what));
  }

  private static String letters(int column) {
    return new CellAddress(0, column).toString().replaceAll("\\d", "");
  }
}
