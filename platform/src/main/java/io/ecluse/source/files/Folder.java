package io.ecluse.source.files;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.FileDecoder;
import io.ecluse.source.FileFormat;
import io.ecluse.source.FileFormat.Kind;
import io.ecluse.source.FileFormat.Packing;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The folder of a source as it is now. */
final class Folder {
  private static final int NAMES_IN_A_MESSAGE = 10;

  private final FilesSettings settings;

  Folder(FilesSettings settings) {
    this.settings = settings;
  }

  /**
   * A file as it was when the folder was listed.
   *
   * @param name within the folder, with slashes
   */
  record Found(String name, Path path, long bytes, Instant modifiedAt) {
    boolean hasChanged() {
      try {
        BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
        return now.size() != bytes || !now.lastModifiedTime().toInstant().equals(modifiedAt);
      } catch (IOException e) {
        return true; // it has gone
      }
    }
  }

  /**
   * The files of a stream, in the order of their names.
   *
   * @throws EcluseException SOURCE_UNREACHABLE, SOURCE_REFUSED; SOURCE_MISSING_STREAM when there is
   *     none
   */
  List<Found> files(String stream, FilesSettings.Stream spec) {
    List<Found> all = list();
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + spec.files());
    List<Found> found = all.stream().filter(f -> matcher.matches(Path.of(f.name()))).toList();
    if (found.isEmpty()) {
      throw error(
          ErrorCode.SOURCE_MISSING_STREAM,
          "no file is named %s, as stream %s wants it, in %s; there %s"
              .formatted(spec.files(), stream, settings.folder(), names(all)));
    }
    return found;
  }

  private static String names(List<Found> files) {
    if (files.isEmpty()) {
      return "is nothing";
    }
    String first =
        files.stream().limit(NAMES_IN_A_MESSAGE).map(Found::name).collect(Collectors.joining(", "));
    return "are "
        + first
        + (files.size() > NAMES_IN_A_MESSAGE
            ? " and " + (files.size() - NAMES_IN_A_MESSAGE) + " more"
            : "");
  }

  private List<Found> list() {
    Path folder = settings.folder();
    if (!Files.exists(folder)) {
      throw error(
          ErrorCode.SOURCE_UNREACHABLE,
          "there is no folder %s; is it mounted, and is location right?".formatted(folder));
    }
    if (!Files.isDirectory(folder)) {
      throw error(
          ErrorCode.SOURCE_REFUSED,
          "%s is a file; location must be the folder, and the stream's files say which in it"
              .formatted(folder));
    }
    List<Found> found = new ArrayList<>();
    try {
      Path root = folder.toRealPath();
      try (var paths = Files.walk(root, FileVisitOption.FOLLOW_LINKS)) {
        for (Path path : paths.filter(Files::isRegularFile).toList()) {
          found.add(found(root, path));
        }
      }
    } catch (IOException | java.io.UncheckedIOException e) {
      throw error(
          ErrorCode.SOURCE_REFUSED,
          "the folder %s cannot be read (%s); may the user that runs this read it?"
              .formatted(folder, e.getMessage()));
    }
    found.sort(Comparator.comparing(Found::name));
    return found;
  }

  private static Found found(Path root, Path path) throws IOException {
    BasicFileAttributes facts = Files.readAttributes(path, BasicFileAttributes.class);
    return new Found(
        root.relativize(path).toString().replace('\\', '/'),
        path.toRealPath(),
        facts.size(),
        facts.lastModifiedTime().toInstant());
  }

  FileDecoder.Input input(Found file, FilesSettings.Stream spec) {
    String name = file.name().toLowerCase(Locale.ROOT);
    Packing packing = Packing.NONE;
    if (name.endsWith(".gz")) {
      packing = Packing.GZIP;
      name = name.substring(0, name.length() - ".gz".length());
    } else if (name.endsWith(".zip")) {
      packing = Packing.ZIP;
      name = name.substring(0, name.length() - ".zip".length());
    }
    String bare = name;
    Kind kind = spec.kind().orElseGet(() -> kind(file, bare));
    return new FileDecoder.Input(
        file.path(),
        file.name(),
        new FileFormat(kind, packing, spec.csv(), spec.sheet(), spec.encoding()));
  }

  private Kind kind(Found file, String name) {
    String extension = name.substring(name.lastIndexOf('.') + 1);
    return switch (extension) {
      case "csv", "tsv", "txt" -> Kind.CSV;
      case "json" -> Kind.JSON;
      case "ndjson", "jsonl" -> Kind.NDJSON;
      case "parquet" -> Kind.PARQUET;
      case "xlsx", "xlsm" -> Kind.XLSX;
      case "xls", "xlsb" ->
          throw error(
              ErrorCode.DATA_INVALID,
              "%s is a workbook of an old or binary kind; open it in a spreadsheet and save it as .xlsx"
                  .formatted(file.name()));
      default ->
          throw error(
              ErrorCode.DATA_INVALID,
              "the name of %s does not tell what it holds; say the stream's format: csv, json, ndjson, parquet or xlsx"
                  .formatted(file.name()));
    };
  }

  EcluseException error(ErrorCode code, String text) {
    return new EcluseException(code, "Source " + settings.name() + ": " + text);
  }
}
