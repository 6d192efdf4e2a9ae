package io.ecluse.source.files;

import io.ecluse.project.Keys;
import io.ecluse.project.Shape.Fields;
import io.ecluse.project.SourceKeys;
import io.ecluse.source.Declared;
import io.ecluse.source.Source;
import io.ecluse.source.SourceInspection;
import io.ecluse.source.SourceTools;
import io.ecluse.source.SourceType;
import java.nio.file.Path;
import java.util.Map;

/** Folders of files, here or in a store. */
public final class FilesType implements SourceType {
  @Override
  public String name() {
    return "files";
  }

  @Override
  public Source open(Declared source, SourceTools tools) {
    return new FilesSource(FilesSettings.of(source), tools.stage(), tools.decoder());
  }

  @Override
  public SourceInspection inspection(Declared source, SourceTools tools, Path scratch) {
    return new FilesInspection(
        FilesSettings.of(source), tools.stage().staging().copies(), tools.decoder(), scratch);
  }

  @Override
  public Fields shape() {
    return SourceKeys.file(
        "a source of type files",
        name(),
        """
        location!: template  The folder that holds them: a local one, seen from the project's, s3://bucket/folder or hdfs://host:port/folder.
        """
            + SourceKeys.STORES
            + "streams!: map stream @stream  Which files are which table.\n",
        Map.of("s3", SourceKeys.s3(), "stream", stream()));
  }

  private static Fields stream() {
    return Keys.of(
        "a stream of files",
        SourceKeys.DESCRIPTION
            + """
            files!: glob  Which files: students-*.csv; **/*.json in folders below, too.
            format: csv|json|ndjson|parquet|xlsx  What they hold; told from their names unless said.
            mode: full|new_files  full: all files each time; new_files: those that are new or have changed.
            encoding: encoding  The encoding of text; utf-8 unless said.
            csv: {csv}  How CSV files are written.
              delimiter: one_character  What stands between values; found out unless said.
              quote: one_character  What stands around values; found out unless said.
              header: flag  Whether the first line names the columns; true unless said.
              null: any  What stands for a missing value, beside nothing at all.
              skip: 0..1000000  Lines before the one that names the columns; 0 unless said.
              comment: one_character  What lines begin with that are not read; none unless said.
            excel: {excel}  Where in workbooks the rows are.
              sheet: 1..10000 or words  The sheet's name, or its number from 1; the first that is not hidden unless said.
              start: cell  The cell of the first column's name; A1 unless said.
              header: flag  Whether the first row names the columns; true unless said.
            """
            + SourceKeys.TYPED_COLUMNS);
  }
}
