package io.ecluse.source.files;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.ExtractListener;
import io.ecluse.source.FileDecoder;
import io.ecluse.source.Landing;
import io.ecluse.source.MergedColumns;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.Origin;
import io.ecluse.staging.Part;
import io.ecluse.staging.StagedColumn;
import io.ecluse.staging.StagingArea;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One extract of one stream: every file becomes a part, which remembers the file. With {@link
 * FilesSettings.Mode#NEW_FILES} the parts of files that are still as they were are taken over from
 * the newest batch: what has landed is known by the batch itself, and a batch is always all there
 * is.
 */
final class StreamExtract {
  private final String stream;
  private final FilesSettings.Stream spec;
  private final Folder folder;
  private final StagingArea staging;
  private final ExtractListener listener;
  private final List<Folder.Found> files = new ArrayList<>();
  private long bytes;

  StreamExtract(
      String stream,
      FilesSettings.Stream spec,
      Folder folder,
      StagingArea staging,
      ExtractListener listener) {
    this.stream = stream;
    this.spec = spec;
    this.folder = folder;
    this.staging = staging;
    this.listener = listener;
  }

  /** What is taken over from the batch before, and what is read. */
  private record Plan(
      Optional<BatchManifest> earlier,
      Map<String, Part> kept,
      Map<String, FileDecoder.Sight> sights) {}

  List<Folder.Found> files() {
    return files;
  }

  /** Bytes of the files that were read. */
  long bytes() {
    return bytes;
  }

  void run(Landing landing, FileDecoder decoder) {
    files.addAll(folder.files(stream, spec));
    Optional<BatchManifest> earlier = earlier(landing.source());
    Map<String, Part> kept = earlier.map(this::kept).orElseGet(Map::of);
    try (FileDecoder.Session session =
        decoder.open(files.stream().map(Folder.Found::path).toList(), landing.folder(stream))) {
      landing.going().whenOver(session::cancel);
      Map<String, FileDecoder.Sight> sights = new TreeMap<>();
      look(landing, session, kept.keySet(), sights);
      List<StagedColumn> columns = columns(kept, earlier, sights);
      if (earlier.isPresent() && !kept.isEmpty() && !same(columns, earlier.get().columns())) {
        checkAllThere(kept);
        listener.log(
            "%s has other columns than before: all its files are read again".formatted(stream));
        kept = Map.of();
        look(landing, session, sights.keySet(), sights);
        columns = columns(kept, earlier, sights);
      }
      if (columns.isEmpty()) {
        throw folder.error(
            ErrorCode.DATA_INVALID,
            "no file of stream %s (%s) says which columns there are; add a line that names them, or leave the stream out"
                .formatted(stream, spec.files()));
      }
      Landing.Stream target = landing.stream(stream, columns);
      write(landing, target, session, new Plan(earlier, kept, sights));
    }
  }

  private Optional<BatchManifest> earlier(String source) {
    return switch (spec.mode()) {
      case FULL -> Optional.empty();
      case NEW_FILES -> staging.newest(source, stream);
    };
  }

  /** Parts whose file is as it was, or gone, by the name of the file. */
  private Map<String, Part> kept(BatchManifest batch) {
    Map<String, Folder.Found> now = new HashMap<>();
    files.forEach(f -> now.put(f.name(), f));
    Map<String, Part> kept = new TreeMap<>();
    for (Part part : batch.parts()) {
      part.origin()
          .filter(
              o ->
                  !now.containsKey(o.file())
                      || o.isStill(now.get(o.file()).bytes(), now.get(o.file()).modifiedAt()))
          .ifPresent(o -> kept.put(o.file(), part));
    }
    return kept;
  }

  private void look(
      Landing landing,
      FileDecoder.Session session,
      Set<String> except,
      Map<String, FileDecoder.Sight> sights) {
    Set<String> known = Set.copyOf(except);
    for (Folder.Found file : files) {
      if (!known.contains(file.name())) {
        landing.check();
        FileDecoder.Sight sight = session.look(folder.input(file, spec), spec.types());
        landing.going().expect(sight.rows());
        listener.log(
            "%s: %s as %s, %d rows".formatted(stream, file.name(), sight.reading(), sight.rows()));
        sights.put(file.name(), sight);
        bytes += file.bytes();
        folder.release(file);
      }
    }
  }

  private static List<StagedColumn> columns(
      Map<String, Part> kept,
      Optional<BatchManifest> earlier,
      Map<String, FileDecoder.Sight> sights) {
    MergedColumns merged = new MergedColumns();
    if (!kept.isEmpty()) {
      earlier.ifPresent(e -> merged.add(e.columns()));
    }
    sights.values().forEach(s -> merged.add(s.staged()));
    return merged.columns();
  }

  private static boolean same(List<StagedColumn> a, List<StagedColumn> b) {
    return a.stream()
        .map(StagedColumn::column)
        .toList()
        .equals(b.stream().map(StagedColumn::column).toList());
  }

  private void checkAllThere(Map<String, Part> kept) {
    Set<String> gone = new TreeSet<>(kept.keySet());
    files.forEach(f -> gone.remove(f.name()));
    if (!gone.isEmpty()) {
      throw folder.error(
          ErrorCode.SOURCE_CHANGED,
          "the new files of stream %s have other columns than those before, of which %s cannot be read again; put it back, or give the new files a stream of their own"
              .formatted(stream, String.join(", ", gone)));
    }
  }

  private void write(
      Landing landing, Landing.Stream target, FileDecoder.Session session, Plan plan) {
    Map<String, Folder.Found> now = new HashMap<>();
    files.forEach(f -> now.put(f.name(), f));
    Set<String> names = new TreeSet<>(plan.sights.keySet());
    names.addAll(plan.kept.keySet());
    for (String name : names) {
      landing.check();
      FileDecoder.Sight sight = plan.sights.get(name);
      if (sight == null) {
        target.keep(plan.earlier.orElseThrow(), Objects.requireNonNull(plan.kept.get(name)));
      } else if (!sight.columns().isEmpty() || sight.rows() > 0) {
        Folder.Found file = Objects.requireNonNull(now.get(name));
        long rows =
            session.encode(folder.input(file, spec), sight, target.columns(), target.nextPart());
        if (rows != sight.rows()) {
          throw changed(file);
        }
        folder.release(file);
        target.add(rows, new Origin(name, file.bytes(), file.modifiedAt(), sight.reading()));
      }
    }
  }

  /** A file that somebody is still writing is not read as if it were whole. */
  void checkUnchanged() {
    for (Folder.Found file : files) {
      if (folder.hasChanged(file)) {
        throw changed(file);
      }
    }
  }

  private EcluseException changed(Folder.Found file) {
    return folder.error(
        ErrorCode.SOURCE_CHANGED,
        "the file %s changed while it was read; write files under another name and rename them when they are whole"
            .formatted(file.name()));
  }
}
