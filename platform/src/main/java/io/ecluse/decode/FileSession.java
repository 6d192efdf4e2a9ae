package io.ecluse.decode;

import io.ecluse.disk.Folders;
import io.ecluse.duckdb.DuckDb;
import io.ecluse.duckdb.DuckDbSession;
import io.ecluse.duckdb.Sql;
import io.ecluse.duckdb.StagedFiles;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.source.FileDecoder;
import io.ecluse.source.FileFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One extract's reading of files. */
final class FileSession implements FileDecoder.Session {
  private final DuckDb duckDb;
  private final Path spill;
  private final DuckDbSession session;

  FileSession(DuckDb duckDb, Path spill) {
    this.duckDb = duckDb;
    this.spill = spill;
    this.session = duckDb.open();
  }

  @Override
  public FileDecoder.Sight look(FileDecoder.Input input, Map<String, DataType> known) {
    return with(
        input,
        plain -> {
          FileScan scan =
              plain
                  .sheet()
                  .map(s -> FileScan.of(session, plain, plain.format(), plain.names()))
                  .orElseGet(() -> FileScan.detect(session, plain, said(input, plain)));
          FileColumns columns = FileColumns.find(session, scan);
          Map<String, DataType> said = new HashMap<>();
          known.forEach((c, type) -> scan.find(c).ifPresent(there -> said.put(there, type)));
          columns.check(session, scan, input.name(), said);
          Map<String, DataType> types = new HashMap<>();
          plain.sheet().ifPresent(s -> types.putAll(s.types()));
          types.putAll(said);
          return new FileDecoder.Sight(
              columns.seen(types),
              columns.rows(),
              plain.sheet().map(SheetCsv.Facts::reading).orElse(scan.reading()),
              scan.format());
        });
  }

  /** What is said of a file, by the project and by the file itself. */
  private static FileFormat said(FileDecoder.Input input, PlainFile plain) {
    FileFormat.Csv csv = plain.format().csv();
    return input.format().with(input.format().csv().written(csv.delimiter(), csv.quote()));
  }

  @Override
  public long encode(
      FileDecoder.Input input, FileDecoder.Sight sight, List<Column> columns, Path part) {
    return with(
        input,
        plain -> {
          List<String> there = sight.columns().stream().map(c -> c.column().name()).toList();
          FileScan scan = FileScan.of(session, plain, sight.format(), there);
          long rowBytes = size(plain.path()) / Math.max(1, sight.rows());
          String select =
              columns.stream()
                  .map(c -> scan.value(c) + " AS " + c.quoted())
                  .collect(Collectors.joining(", ", "SELECT ", " FROM " + scan.relation()));
          return StagedFiles.write(session, columns, "(" + select + ")", rowBytes, part);
        });
  }

  @Override
  public Optional<String> highest(Map<FileDecoder.Input, FileDecoder.Sight> files, Column column) {
    List<String> candidates = new ArrayList<>();
    files.forEach(
        (input, sight) -> candidates.addAll(with(input, plain -> highest(plain, sight, column))));
    return candidates.isEmpty()
        ? Optional.empty()
        : text(
            "SELECT max_by(t, CAST(t AS %s)) FROM (SELECT unnest(%s) AS t)"
                .formatted(column.type().sql(), Sql.list(candidates)));
  }

  private List<String> highest(PlainFile plain, FileDecoder.Sight sight, Column column) {
    List<String> there = sight.columns().stream().map(c -> c.column().name()).toList();
    FileScan scan = FileScan.of(session, plain, sight.format(), there);
    return scan
        .find(column.name())
        .flatMap(
            c ->
                text(
                    "SELECT max_by(%s, %s) FROM %s"
                        .formatted(scan.text(c), scan.value(column), scan.relation())))
        .stream()
        .toList();
  }

  private Optional<String> text(String sql) {
    return session.query(
        sql, 0, rows -> rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty());
  }

  private <T> T with(FileDecoder.Input input, Function<PlainFile, T> work) {
    try (PlainFile plain = PlainFile.of(input, spill, this::isCancelled)) {
      try {
        return work.apply(plain);
      } catch (EcluseException e) {
        if (!FileErrors.mayBeLineEnds(input, e) || !plain.endsInSeveralWays(input)) {
          throw FileErrors.of(input, plain, e);
        }
      }
      return alike(input, plain, work);
    }
  }

  /** The same once more, every line ended alike. */
  private <T> T alike(FileDecoder.Input input, PlainFile odd, Function<PlainFile, T> work) {
    try (PlainFile plain = odd.endedAlike(input, spill, this::isCancelled)) {
      try {
        return work.apply(plain);
      } catch (EcluseException e) {
        throw FileErrors.of(input, plain, e);
      }
    }
  }

  private boolean isCancelled() {
    return session.isCancelled();
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0; // it was there a moment ago; reading it will say what is wrong
    }
  }

  @Override
  public void cancel() {
    session.cancel();
  }

  @Override
  public void close() {
    session.close();
    duckDb.close();
    try {
      Folders.delete(spill);
    } catch (IOException e) {
      throw ErrorCode.INTERNAL.error("Could not empty the folder %s: %s".formatted(spill, e), e);
    }
  }
}
