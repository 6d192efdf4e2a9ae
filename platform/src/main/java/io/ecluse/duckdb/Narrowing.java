package io.ecluse.duckdb;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.TableColumn;
import io.ecluse.warehouse.TableFiles;
import io.ecluse.warehouse.TableSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Reads tables that are elsewhere and more than the copies here may take: some files at a time are
 * fetched, the columns that the query may need are kept of them, where the engine spills, and the
 * copies go again. The query reads what was kept.
 *
 * @param spill where that goes
 * @param mostBytes of it
 */
public record Narrowing(TableFiles files, Path spill, long mostBytes) {
  private static final long MEGABYTE = 1_000_000;

  /** Writes the rows of a SELECT over these files into one, and returns how many there are. */
  @FunctionalInterface
  public interface Writer {
    long write(String select, List<String> read, Path file);
  }

  /**
   * What can be read here instead of these tables.
   *
   * @param needed asked for names of columns if tables are too large: in lower case; empty if all
   *     are
   * @throws EcluseException as {@link TableFiles#here}; CACHE_TOO_SMALL when what is needed is too
   *     much, too
   */
  public Map<TableName, TableSnapshot> here(
      Map<TableName, TableSnapshot> tables, Supplier<Optional<Set<String>>> needed, Writer writer) {
    Set<TableName> large = files.large(tables);
    if (large.isEmpty()) {
      return files.here(tables);
    }
    Optional<Set<String>> names = needed.get();
    Map<TableName, TableSnapshot> small = new LinkedHashMap<>(tables);
    small.keySet().removeAll(large);
    Map<TableName, TableSnapshot> whole = files.here(small);
    Path folder = files.own(spill.resolve("narrow-" + UUID.randomUUID()));
    Map<TableName, TableSnapshot> here = new LinkedHashMap<>();
    long bytes = 0;
    for (Map.Entry<TableName, TableSnapshot> each : tables.entrySet()) {
      if (large.contains(each.getKey())) {
        TableSnapshot kept = narrowed(each.getValue(), names, writer, folder, mostBytes - bytes);
        bytes += kept.bytes();
        here.put(each.getKey(), kept);
      } else {
        here.put(each.getKey(), Objects.requireNonNull(whole.get(each.getKey())));
      }
    }
    return here;
  }

  private TableSnapshot narrowed(
      TableSnapshot table,
      Optional<Set<String>> needed,
      Writer writer,
      Path folder,
      long mostOfIt) {
    List<TableColumn> columns = columns(table, needed);
    String names = columns.stream().map(c -> c.column().quoted()).collect(Collectors.joining(", "));
    List<TableSnapshot.DataFile> kept = new ArrayList<>();
    files.inTurn(
        table,
        held -> {
          Path file = folder.resolve(UUID.randomUUID() + ".parquet");
          String select = "SELECT %s FROM (%s)".formatted(names, Scan.rows(held));
          long rows = writer.write(select, held.paths(), file);
          kept.add(TableSnapshot.DataFile.whole(file, rows, size(file)));
          if (kept.stream().mapToLong(TableSnapshot.DataFile::bytes).sum() > mostOfIt) {
            throw ErrorCode.CACHE_TOO_SMALL.error(
                "%s has more than %d MB in the columns that the query may need, more than the engine may put on this disk; name fewer columns, or raise warehouse.cache so that its files can be copied here"
                    .formatted(table.table(), mostOfIt / MEGABYTE));
          }
        });
    return table.in(columns, kept);
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In their order; one at least, which tells how many rows there are. */
  private static List<TableColumn> columns(TableSnapshot table, Optional<Set<String>> needed) {
    List<TableColumn> some =
        table.columns().stream()
            .filter(c -> needed.isEmpty() || needed.get().contains(lower(c.column())))
            .toList();
    return some.isEmpty() ? List.of(shortest(table.columns())) : some;
  }

  private static String lower(Column column) {
    return column.name().toLowerCase(Locale.ROOT);
  }

  private static TableColumn shortest(List<TableColumn> columns) {
    return columns.stream()
        .filter(c -> !Set.of(DataType.VARCHAR, DataType.BLOB).contains(c.column().type()))
        .findFirst()
        .orElse(columns.get(0));
  }
}
