package io.ecluse.duckdb;

import io.ecluse.schema.Column;
import io.ecluse.schema.ContentSums;
import io.ecluse.source.PartEncoder;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.apache.arrow.c.ArrowArrayStream;

/** Writes Arrow batches into files of staging; a file's name tells its format. */
public final class StagedParts implements PartEncoder {
  private final DuckDb duckDb;
  private final Supplier<List<Path>> folders;

  /**
   * @param folders that batches are in
   */
  StagedParts(DuckDb duckDb, Supplier<List<Path>> folders) {
    this.duckDb = duckDb;
    this.folders = folders;
  }

  @Override
  public long encode(ArrowArrayStream batches, List<Column> columns, long rowBytes, Path file) {
    try (DuckDbSession session = duckDb.open(folders.get())) {
      session.connection().registerArrowStream("batches", batches);
      return StagedFiles.write(session, columns, "batches", rowBytes, file);
    }
  }

  @Override
  public ContentSums sums(List<Column> columns, Path file) {
    try (DuckDbSession session = duckDb.open(folders.get())) {
      return SumsSql.of(session, columns, StagedFiles.relation(List.of(file), columns));
    }
  }
}
