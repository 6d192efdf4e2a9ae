package io.ecluse.source.files;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.Discovery;
import io.ecluse.source.FileDecoder;
import io.ecluse.source.FindingListener;
import io.ecluse.source.SourceInspection;
import io.ecluse.storage.LocalCopies;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Looks at a folder of files as an extract would: is it there, which files does each stream have,
 * can one of them be read. Of each stream, the smallest file that is not empty is read, for a look
 * must not take long.
 *
 * @param copies of files that are elsewhere
 * @param scratch a folder for what reading needs
 */
record FilesInspection(
    FilesSettings settings, LocalCopies copies, FileDecoder decoder, Path scratch)
    implements SourceInspection {
  /** A file longer than this is left to the extract. */
  private static final long MOST_BYTES = 256L << 20;

  @Override
  public Discovery discover(InspectionListener listener) {
    throw ErrorCode.INVALID_USAGE.error(
        "sources/%s.yaml is of type files, whose streams nobody but you can name: say under streams which files belong together; ecluse source check %s reads one of each"
            .formatted(settings.name(), settings.name()));
  }

  @Override
  public void check(List<WantedStream> wanted, FindingListener found) {
    try (Folder folder = new Folder(settings, copies)) {
      int files = folder.list().size();
      found.ok("location", "%s is there, with %d files".formatted(settings.location(), files));
      for (String stream : settings.streams().keySet()) {
        check(
            folder,
            stream,
            wanted.stream().filter(w -> w.name().equals(stream)).findFirst(),
            found);
      }
    } catch (EcluseException e) {
      found.failed(
          "location",
          e,
          "correct location in sources/%s.yaml, or let the user that runs this read it"
              .formatted(settings.name()));
    }
  }

  private void check(
      Folder folder, String stream, Optional<WantedStream> wanted, FindingListener found) {
    FilesSettings.Stream spec = settings.stream(stream);
    List<Folder.Found> files;
    try {
      files = folder.files(stream, spec);
    } catch (EcluseException e) {
      found.failed(
          "files",
          e,
          "put a file there, or correct files of stream %s in sources/%s.yaml"
              .formatted(stream, settings.name()));
      return;
    }
    Instant newest =
        files.stream().map(Folder.Found::modifiedAt).max(Comparator.naturalOrder()).orElseThrow();
    found.ok(
        "files",
        "%s: %d named %s, %d bytes, the newest of %s"
            .formatted(
                stream,
                files.size(),
                spec.files(),
                files.stream().mapToLong(Folder.Found::bytes).sum(),
                newest));
    read(folder, stream, smallest(files), found)
        .ifPresent(sight -> checkKey(stream, wanted, sight, found));
  }

  private static Folder.Found smallest(List<Folder.Found> files) {
    return files.stream()
        .filter(f -> f.bytes() > 0)
        .min(Comparator.comparingLong(Folder.Found::bytes))
        .orElseGet(() -> files.get(0));
  }

  private Optional<FileDecoder.Sight> read(
      Folder folder, String stream, Folder.Found file, FindingListener found) {
    FilesSettings.Stream spec = settings.stream(stream);
    if (file.bytes() > MOST_BYTES) {
      found.note(
          "format",
          "%s: none was read, for the smallest, %s, has %d bytes"
              .formatted(stream, file.name(), file.bytes()));
      return Optional.empty();
    }
    try (FileDecoder.Session session = decoder.open(List.of(file.path()), scratch)) {
      FileDecoder.Sight sight = session.look(folder.input(file, spec), spec.types());
      folder.release(file);
      found.ok(
          "format",
          "%s: %s reads as %s, %d columns, %d rows"
              .formatted(
                  stream, file.name(), sight.reading(), sight.columns().size(), sight.rows()));
      return Optional.of(sight);
    } catch (EcluseException e) {
      found.failed(
          "format",
          e,
          "mend the file, or say how it is written: format, encoding, csv, excel or columns of stream %s in sources/%s.yaml"
              .formatted(stream, settings.name()));
      return Optional.empty();
    }
  }

  private void checkKey(
      String stream,
      Optional<WantedStream> wanted,
      FileDecoder.Sight sight,
      FindingListener found) {
    List<String> columns = sight.staged().stream().map(c -> c.column().name()).toList();
    List<String> missing = new ArrayList<>(wanted.map(WantedStream::primaryKey).orElse(List.of()));
    missing.removeAll(columns);
    if (!missing.isEmpty()) {
      found.problem(
          "primary_key",
          "%s: there is no column %s in the file that was read; it has %s"
              .formatted(stream, String.join(", ", missing), String.join(", ", columns)),
          "correct primary_key of stream %s in sources/%s.yaml".formatted(stream, settings.name()));
    }
  }
}
