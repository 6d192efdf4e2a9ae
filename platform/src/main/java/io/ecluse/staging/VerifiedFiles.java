package io.ecluse.staging;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.storage.Checksums;
import io.ecluse.storage.LocalCopies;
import io.ecluse.storage.LocalErrors;
import io.ecluse.storage.Places;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files of batches on this machine, each found to be what was extracted before it is read. */
final class VerifiedFiles {
  /** Digits of a checksum that tell copies apart. */
  private static final int NAME = 16;

  private VerifiedFiles() {}

  /** Where staging is on this machine: the files themselves. */
  record Here(Places places) implements Reading {
    @Override
    public List<Path> verified(BatchManifest batch, List<Part> parts) {
      Path folder = places.writing(StagingArea.folder(batch));
      List<Path> files = parts.stream().map(p -> folder.resolve(p.file())).toList();
      for (int i = 0; i < files.size(); i++) {
        String where = files.get(i).toString();
        if (!Files.exists(files.get(i))) {
          throw corrupt(where, "it is missing");
        }
        if (!isWhole(files.get(i), parts.get(i))) {
          throw corrupt(where, unlike(parts.get(i)));
        }
      }
      return files;
    }

    @Override
    public void close() {
      // the files are where they are
    }
  }

  /** Where it is not: copies, which are held for as long as they are read. */
  record Copies(Places places, LocalCopies.Lease lease) implements Reading {
    @Override
    public List<Path> verified(BatchManifest batch, List<Part> parts) {
      return parts.stream().map(p -> verified(batch, p)).toList();
    }

    private Path verified(BatchManifest batch, Part part) {
      String name = StagingArea.folder(batch) + "/" + part.file();
      String copy = part.sha256().substring(0, NAME) + "-" + part.file();
      Path file = fetched(name, copy, part);
      if (isWhole(file, part)) {
        return file;
      }
      places.copies().drop(part.sha256()); // the disk here has lost it, or the store has
      lease.release(copy);
      Path again = fetched(name, copy, part);
      if (!isWhole(again, part)) {
        places.copies().drop(part.sha256());
        throw corrupt(places.where(name), unlike(part));
      }
      return again;
    }

    private Path fetched(String name, String copy, Part part) {
      return lease
          .file(part.sha256(), copy, to -> places.storage().download(name, to))
          .orElseThrow(() -> corrupt(places.where(name), "it is missing"));
    }

    @Override
    public void close() {
      lease.close();
    }
  }

  private static boolean isWhole(Path file, Part part) {
    try {
      return Checksums.sha256(file).equals(part.sha256());
    } catch (IOException e) {
      throw LocalErrors.of("read " + file, e);
    }
  }

  private static String unlike(Part part) {
    return "its checksum is not the %s of the manifest".formatted(part.sha256());
  }

  static EcluseException corrupt(String file, String what) {
    return ErrorCode.DATA_CORRUPT.error(
        "The staged file %s is not what was extracted: %s; extract again".formatted(file, what));
  }
}
