package io.ecluse.staging;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The batches of one environment: {@code <root>/<source>/<stream>/<extract-id>/}.
 *
 * <p>A batch is immutable and appears whole or not at all: its manifest is written last, and moved
 * into place in one step. Safe for use by several threads and processes as long as extract ids are
 * unique.
 */
public final class StagingArea {
  private static final String MANIFEST = "manifest.json";

  private final Path root;

  /** An area below {@code root}, which is made when first written to. */
  public StagingArea(Path root) {
    this.root = root;
  }

  /**
   * Makes the folder of a new batch and returns it. Parts are written there by the caller.
   *
   * @throws EcluseException when the folder cannot be made, DISK_FULL among the reasons
   */
  public Path begin(String source, String stream, String extractId) {
    Path folder = folder(source, stream, extractId);
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw failed("make the staging folder " + folder, e);
    }
  }

  /** Describes a finished part: its size and checksum, after making sure that it is on the disk. */
  public Part seal(Path file, long rows) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    } catch (IOException e) {
      throw failed("write " + file, e);
    }
    try {
      return new Part(
          file.getFileName().toString(), rows, Files.size(file), Checksums.sha256(file));
    } catch (IOException e) {
      throw failed("read back " + file, e);
    }
  }

  /**
   * Takes a part of a batch into another, as {@code file}: a second name of the same bytes, or a
   * copy where the disk has no such thing. It lives on when the first batch is deleted.
   */
  public Part link(BatchManifest batch, Part part, Path file) {
    Path there = folder(batch.source(), batch.stream(), batch.extractId()).resolve(part.file());
    try {
      Files.deleteIfExists(file);
      try {
        Files.createLink(file, there);
      } catch (UnsupportedOperationException e) {
        Files.copy(there, file);
      }
    } catch (NoSuchFileException e) {
      throw corrupt(there, "it is missing");
    } catch (IOException e) {
      throw failed("link " + there + " as " + file, e);
    }
    return part.named(file.getFileName().toString());
  }

  /** Makes the batch exist. */
  public void commit(BatchManifest manifest) {
    Path folder = folder(manifest.source(), manifest.stream(), manifest.extractId());
    Path draft = folder.resolve(MANIFEST + ".draft");
    try {
      try (FileChannel channel =
          FileChannel.open(
              draft,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        var bytes = java.nio.ByteBuffer.wrap(ManifestJson.write(manifest));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(draft, folder.resolve(MANIFEST), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failed("write the manifest in " + folder, e);
    }
  }

  public Optional<BatchManifest> find(String source, String stream, String extractId) {
    return read(folder(source, stream, extractId));
  }

  /** The batch whose extract ended last. */
  public Optional<BatchManifest> newest(String source, String stream) {
    return list(source, stream).stream().findFirst();
  }

  /** The batch that a run extracted; its last one, if the extract was tried more than once. */
  public Optional<BatchManifest> ofRun(String source, String stream, String runId) {
    return list(source, stream).stream().filter(b -> b.runId().equals(runId)).findFirst();
  }

  /** The batches of a stream, the newest first. */
  public List<BatchManifest> list(String source, String stream) {
    List<BatchManifest> batches = new ArrayList<>();
    for (Path folder : children(root.resolve(source).resolve(stream))) {
      read(folder).ifPresent(batches::add);
    }
    batches.sort(
        Comparator.comparing(BatchManifest::endedAt)
            .thenComparing(BatchManifest::extractId)
            .reversed());
    return batches;
  }

  /** Names of the sources that have left a batch or part of one. */
  public List<String> sources() {
    return children(root).stream().map(p -> p.getFileName().toString()).toList();
  }

  /** Names of the streams of a source that have left a batch or part of one. */
  public List<String> streams(String source) {
    return children(root.resolve(source)).stream().map(p -> p.getFileName().toString()).toList();
  }

  /**
   * The files of a batch, each checked against its manifest.
   *
   * @throws EcluseException DATA_CORRUPT when a file is missing or is not what was extracted
   */
  public List<Path> verifiedParts(BatchManifest batch) {
    return verified(batch, batch.parts());
  }

  /** The files of a batch's keys, each checked; none if the batch has no keys. */
  public List<Path> verifiedKeys(BatchManifest batch) {
    return verified(batch, batch.keys().map(Increment.Keys::parts).orElse(List.of()));
  }

  /** The files of what changed while a batch was read, each checked; none if it is one moment. */
  public List<Path> verifiedChanges(BatchManifest batch) {
    return verified(batch, batch.changes().orElse(List.of()));
  }

  private List<Path> verified(BatchManifest batch, List<Part> parts) {
    Path folder = folder(batch.source(), batch.stream(), batch.extractId());
    List<Path> files = new ArrayList<>();
    for (Part part : parts) {
      Path file = folder.resolve(part.file());
      try {
        String actual = Checksums.sha256(file);
        if (!actual.equals(part.sha256())) {
          throw corrupt(file, "its checksum is " + actual + ", the manifest says " + part.sha256());
        }
      } catch (NoSuchFileException e) {
        throw corrupt(file, "it is missing");
      } catch (IOException e) {
        throw failed("read " + file, e);
      }
      files.add(file);
    }
    return files;
  }

  /**
   * Removes what extracts of this stream left without a manifest, except the given extract's.
   * Returns whether there was any.
   */
  public boolean discardUnfinished(String source, String stream, String exceptExtractId) {
    boolean any = false;
    for (Path folder : children(root.resolve(source).resolve(stream))) {
      boolean finished = Files.exists(folder.resolve(MANIFEST));
      if (!finished && !folder.getFileName().toString().equals(exceptExtractId)) {
        delete(folder);
        any = true;
      }
    }
    return any;
  }

  /** Removes batches that have had their time. */
  public RemovedBatches expire(BatchExpiry expiry) {
    RemovedBatches removed = RemovedBatches.NONE;
    for (String source : sources()) {
      for (String stream : streams(source)) {
        removed = removed.plus(expireBatches(source, stream, expiry));
        removed = removed.plus(expireRemains(source, stream, expiry));
      }
    }
    return removed;
  }

  private RemovedBatches expireBatches(String source, String stream, BatchExpiry expiry) {
    RemovedBatches removed = RemovedBatches.NONE;
    List<BatchManifest> batches = list(source, stream);
    for (BatchManifest batch : batches.subList(Math.min(1, batches.size()), batches.size())) {
      if (batch.endedAt().isBefore(expiry.endedBefore())
          && !expiry.activeRuns().contains(batch.runId())
          && !expiry.wanted().contains(batch.extractId())) {
        removed = removed.plus(new RemovedBatches(1, batch.bytes()));
        if (expiry.effect() == BatchExpiry.Effect.REMOVE) {
          delete(batch);
        }
      }
    }
    return removed;
  }

  private RemovedBatches expireRemains(String source, String stream, BatchExpiry expiry) {
    RemovedBatches removed = RemovedBatches.NONE;
    for (Path folder : children(root.resolve(source).resolve(stream))) {
      String extract = folder.getFileName().toString();
      boolean active = expiry.activeRuns().stream().anyMatch(run -> extract.startsWith(run + "."));
      if (!active && !Files.exists(folder.resolve(MANIFEST))) {
        Remains remains = remains(folder);
        if (remains.lastWritten().isBefore(expiry.leftBefore())) {
          removed = removed.plus(new RemovedBatches(1, remains.bytes()));
          if (expiry.effect() == BatchExpiry.Effect.REMOVE) {
            delete(folder);
          }
        }
      }
    }
    return removed;
  }

  private record Remains(Instant lastWritten, long bytes) {}

  private static Remains remains(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      Instant last = Files.getLastModifiedTime(folder).toInstant();
      long bytes = 0;
      for (Path file : files.toList()) {
        Instant written = Files.getLastModifiedTime(file).toInstant();
        last = written.isAfter(last) ? written : last;
        bytes += Files.size(file);
      }
      return new Remains(last, bytes);
    } catch (NoSuchFileException e) {
      return new Remains(Instant.MAX, 0); // another process was faster
    } catch (IOException e) {
      throw failed("look at " + folder, e);
    }
  }

  /** Removes a batch, its manifest first, so that nobody sees half of it. */
  public void delete(BatchManifest batch) {
    Path folder = folder(batch.source(), batch.stream(), batch.extractId());
    try {
      Files.deleteIfExists(folder.resolve(MANIFEST));
    } catch (IOException e) {
      throw failed("delete " + folder, e);
    }
    delete(folder);
  }

  private void delete(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (NoSuchFileException e) {
      return; // another process was faster
    } catch (IOException e) {
      throw failed("delete " + folder, e);
    }
  }

  private Optional<BatchManifest> read(Path folder) {
    Path file = folder.resolve(MANIFEST);
    try {
      return Optional.of(ManifestJson.read(file.toString(), Files.readAllBytes(file)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed("read " + file, e);
    }
  }

  private static List<Path> children(Path folder) {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.filter(Files::isDirectory).sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw failed("list " + folder, e);
    }
  }

  private Path folder(String source, String stream, String extractId) {
    return root.resolve(source).resolve(stream).resolve(extractId);
  }

  private static EcluseException corrupt(Path file, String what) {
    return new EcluseException(
        ErrorCode.DATA_CORRUPT,
        "The staged file %s is not what was extracted: %s; extract again".formatted(file, what));
  }

  private static EcluseException failed(String what, IOException e) {
    String reason =
        e instanceof FileSystemException f && f.getReason() != null
            ? f.getReason()
            : e.getMessage();
    boolean full = String.valueOf(reason).toLowerCase(Locale.ROOT).contains("no space left");
    return new EcluseException(
        full ? ErrorCode.DISK_FULL : ErrorCode.INTERNAL,
        "Could not %s: %s%s"
            .formatted(
                what, reason, full ? "; free some space or set staging.location elsewhere" : ""),
        e);
  }
}
