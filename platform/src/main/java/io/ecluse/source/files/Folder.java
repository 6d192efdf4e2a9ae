package io.ecluse.source.files;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.FileDecoder;
import io.ecluse.source.FileFormat;
import io.ecluse.source.FileFormat.Kind;
import io.ecluse.source.FileFormat.Packing;
import io.ecluse.storage.LocalCopies;
import io.ecluse.storage.Storages;
import io.ecluse.storage.StoredFile;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The folder of a source as it is now. */
final class Folder implements AutoCloseable {
  private static final int NAMES_IN_A_MESSAGE = 10;

  private final FilesSettings settings;
  private final Optional<FileStore> store;

  /** What the folder holds, too, but is not to be read. */
  private List<LinkedFiles.Odd> odd = List.of();

  /**
   * @param copies of files that are elsewhere
   */
  Folder(FilesSettings settings, LocalCopies copies) {
    this.settings = settings;
    this.store =
        Storages.isRemote(settings.location())
            ? Optional.of(
                new FileStore(
                    Storages.open(settings.location(), settings.access()), copies.lease()))
            : Optional.empty();
  }

  /**
   * A file as it was when the folder was listed.
   *
   * @param file its name is within the folder, with slashes
   * @param path of it, or of its copy while it is read
   */
  record Found(StoredFile file, Path path) {
    String name() {
      return file.name();
    }

    long bytes() {
      return file.bytes();
    }

    Instant modifiedAt() {
      return file.modifiedAt();
    }
  }

  boolean hasChanged(Found found) {
    if (store.isPresent()) {
      Optional<StoredFile> now = reached(() -> store.get().storage().find(found.name()));
      return !now.map(StoredFile::stamp).equals(Optional.of(found.file().stamp()));
    }
    try {
      BasicFileAttributes now = Files.readAttributes(found.path(), BasicFileAttributes.class);
      return now.size() != found.bytes()
          || !now.lastModifiedTime().toInstant().equals(found.modifiedAt());
    } catch (IOException e) {
      return true; // it has gone
    }
  }

  /** What a store says, as a word of this source. */
  private <T> T reached(Supplier<T> work) {
    try {
      return work.get();
    } catch (EcluseException e) {
      ErrorCode code =
          switch (e.code()) {
            case STORAGE_UNREACHABLE -> ErrorCode.SOURCE_UNREACHABLE;
            case STORAGE_REFUSED -> ErrorCode.SOURCE_REFUSED;
            default -> e.code();
          };
      throw code.error("Source " + settings.name() + ": " + e.getMessage(), e);
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
    for (LinkedFiles.Odd odd : odd) {
      if (odd.mayBeWanted(spec.files(), matcher)) {
        throw error(ErrorCode.SOURCE_REFUSED, odd.name() + " " + odd.why());
      }
    }
    if (found.isEmpty()) {
      throw error(
          ErrorCode.SOURCE_MISSING_STREAM,
          "no file is named %s, as stream %s wants it, in %s; there %s"
              .formatted(spec.files(), stream, settings.location(), names(all)));
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

  /** All files, in the order of their names. SOURCE_UNREACHABLE, SOURCE_REFUSED. */
  List<Found> list() {
    return store
        .map(
            elsewhere ->
                reached(() -> elsewhere.storage().files("")).stream()
                    .map(f -> new Found(f, elsewhere.path(f)))
                    .toList())
        .orElseGet(this::listHere);
  }

  private List<Found> listHere() {
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
      LinkedFiles files = LinkedFiles.of(folder);
      odd = files.odd();
      for (Path path : files.inside()) {
        found.add(found(files.root(), path));
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
        new StoredFile(
            root.relativize(path).toString().replace('\\', '/'),
            facts.size(),
            facts.lastModifiedTime().toInstant()),
        path.toRealPath());
  }

  /** Makes a file ready to be read, until {@link #release}. */
  FileDecoder.Input input(Found file, FilesSettings.Stream spec) {
    if (store.isPresent() && !reached(() -> store.get().fetch(file.file()))) {
      throw error(
          ErrorCode.SOURCE_CHANGED,
          "the file %s has gone since the folder was listed".formatted(file.name()));
    }
    if (store.isEmpty() && !LinkedFiles.isItself(file.path())) {
      throw error(
          ErrorCode.SOURCE_CHANGED,
          "the file %s has become a link since the folder was listed".formatted(file.name()));
    }
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

  void release(Found file) {
    store.ifPresent(s -> s.release(file.file()));
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
    return code.error("Source " + settings.name() + ": " + text);
  }

  @Override
  public void close() {
    store.ifPresent(FileStore::close);
  }
}
