package io.ecluse.source.files;

import static io.ecluse.project.Shape.Field.optional;
import static io.ecluse.project.Shape.Field.required;

import io.ecluse.project.Format;
import io.ecluse.project.Shape;
import io.ecluse.project.Shape.AnyOf;
import io.ecluse.project.Shape.Choice;
import io.ecluse.project.Shape.Fields;
import io.ecluse.project.Shape.MapOf;
import io.ecluse.project.Shape.Text;
import io.ecluse.project.Shape.Whole;
import io.ecluse.project.SourceKeys;
import io.ecluse.source.Declared;
import io.ecluse.source.Source;
import io.ecluse.source.SourceInspection;
import io.ecluse.source.SourceTools;
import io.ecluse.source.SourceType;
import java.nio.file.Path;
import java.util.List;

/** Folders of files, here or in a store. */
public final class FilesType implements SourceType {
  private static final Shape ONE_CHARACTER = new Text(Format.ONE_CHARACTER);

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
        required(
            "location",
            SourceKeys.TEMPLATE,
            "The folder that holds them: a local one, seen from the project's, s3://bucket/folder or hdfs://host:port/folder."),
        SourceKeys.s3(),
        SourceKeys.hdfs(),
        required("streams", new MapOf(Format.STREAM, stream()), "Which files are which table."));
  }

  private static Fields stream() {
    return Fields.of(
        "a stream of files",
        SourceKeys.DESCRIPTION,
        required(
            "files",
            new Text(Format.GLOB),
            "Which files: students-*.csv; **/*.json in folders below, too."),
        optional(
            "format",
            new Choice(List.of("csv", "json", "ndjson", "parquet", "xlsx")),
            "What they hold; told from their names unless said."),
        optional(
            "mode",
            new Choice(List.of("full", "new_files")),
            "full: all files each time; new_files: those that are new or have changed."),
        optional("encoding", new Text(Format.ENCODING), "The encoding of text; utf-8 unless said."),
        optional("csv", csv(), "How CSV files are written."),
        optional("excel", excel(), "Where in workbooks the rows are."),
        SourceKeys.primaryKey(),
        SourceKeys.partition(),
        SourceKeys.sort(),
        SourceKeys.typedColumns());
  }

  private static Fields csv() {
    return Fields.of(
        "csv",
        optional("delimiter", ONE_CHARACTER, "What stands between values; found out unless said."),
        optional("quote", ONE_CHARACTER, "What stands around values; found out unless said."),
        optional(
            "header",
            new Shape.Flag(),
            "Whether the first line names the columns; true unless said."),
        optional(
            "null", SourceKeys.TEXT, "What stands for a missing value, beside nothing at all."),
        optional(
            "skip",
            new Whole(0, 1_000_000),
            "Lines before the one that names the columns; 0 unless said."),
        optional(
            "comment",
            ONE_CHARACTER,
            "What lines begin with that are not read; none unless said."));
  }

  private static Fields excel() {
    return Fields.of(
        "excel",
        optional(
            "sheet",
            new AnyOf(List.of(new Whole(1, 10_000), new Text(Format.WORDS))),
            "The sheet's name, or its number from 1; the first that is not hidden unless said."),
        optional(
            "start", new Text(Format.CELL), "The cell of the first column's name; A1 unless said."),
        optional(
            "header",
            new Shape.Flag(),
            "Whether the first row names the columns; true unless said."));
  }
}
