package io.ecluse.staging;

import io.ecluse.disk.Disk;
import io.ecluse.error.EcluseException;
import io.ecluse.schema.Effect;
import io.ecluse.storage.Checksums;
import io.ecluse.storage.LocalCopies;
import io.ecluse.storage.LocalErrors;
import io.ecluse.storage.Owner;
import io.ecluse.storage.Places;
import io.ecluse.storage.Storage;
import io.ecluse.storage.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The batches of one environment: {@code <root>/<source>/<stream>/<extract-id>/}.
 *
 * <p>A batch is immutable and appears whole or not at all: its manifest is written last, in one
 * step. Elsewhere than on this machine, each part is stored as soon as it is sealed, and checked by
 * the store, so the disk holds no more than the parts that are being written. Safe for use by
 * several threads and processes as long as extract ids are unique.
 */
public final class StagingArea implements AutoCloseable {
  private final Places places;
  private final PartFormat format;
  private final Manifests manifests;
  private volatile Optional<Owner> owner = Optional.empty();
  private volatile boolean looked;
  private volatile boolean taken;

  public StagingArea(Places places, PartFormat format) {
    this.places = places;
    this.format = format;
    this.manifests = new Manifests(places);
  }

  /** An area of Parquet files below a local folder, which is made when first written to. */
  public StagingArea(Path root) {
    this(Places.of(root, new Disk()), PartFormat.PARQUET);
  }

  /**
   * From now on batches are read, written and removed for this owner only. Nobody looks before that
   * is wanted, since the location may be far away.
   */
  public void ownedBy(Owner project) {
    owner = Optional.of(project);
  }

  /** How new parts are written. */
  public PartFormat format() {
    return format;
  }

  /** Copies on this machine of what is elsewhere. */
  public LocalCopies copies() {
    return places.copies();
  }

  /** Where it is, for people. */
  public String location() {
    return places.storage().location();
  }

  /** Where a batch is, for people. */
  public String location(BatchManifest batch) {
    return places.where(folder(batch));
  }

  /** Where batches are, if they are ours. */
  private Storage storage() {
    if (!looked) {
      owner.ifPresent(o -> o.requireOurs(places.storage()));
      looked = true;
    }
    return places.storage();
  }

  /**
   * Makes the folder of a new batch and returns it. Parts are written there by the caller.
   *
   * @throws EcluseException when the folder cannot be made, DISK_FULL among the reasons; CONFLICT
   *     when the location is another project's
   */
  public Path begin(String source, String stream, String extractId) {
    if (!taken) {
      owner.ifPresent(o -> o.take(storage()));
      taken = true;
    }
    Path folder = places.writing(folder(source, stream, extractId));
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw LocalErrors.of("make the staging folder " + folder, e);
    }
  }

  /**
   * Describes a finished part: its size and checksum. Elsewhere than on this machine it is stored
   * when this returns, and the file may be gone from where it was written.
   */
  public Part seal(Path file, long rows) {
    Part part = describe(file, rows);
    if (!places.isLocal()) {
      storage().upload(file, places.name(file));
      places.copies().put(part.sha256(), file);
    }
    return part;
  }

  /** Removes a part that is not to be in its batch after all, sealed or not. */
  public void discard(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw LocalErrors.of("delete " + file, e);
    }
    if (!places.isLocal()) {
      storage().delete(List.of(places.name(file)));
    }
  }

  private Part describe(Path file, long rows) {
    try {
      return new Part(
          file.getFileName().toString(), rows, Files.size(file), Checksums.sha256(file));
    } catch (IOException e) {
      throw LocalErrors.of("read back " + file, e);
    }
  }

  /**
   * Takes a part of a batch into another: a second name of the same bytes, or a copy where there is
   * no such thing. It lives on when the first batch is deleted.
   *
   * @param folder what {@link #begin} returned for the other batch
   * @param number of the part there
   */
  public Part link(BatchManifest batch, Part part, Path folder, int number) {
    Part linked = part.named(PartFormat.of(part.file()).file("part", number));
    String from = folder(batch) + "/" + part.file();
    if (!storage().copy(from, places.name(folder.resolve(linked.file())))) {
      throw VerifiedFiles.corrupt(places.where(from), "it is missing");
    }
    return linked;
  }

  /**
   * Makes the batch exist; from now on it is there also after a power loss.
   *
   * @throws EcluseException CONFLICT if another project has taken the location meanwhile
   */
  public void commit(BatchManifest manifest) {
    owner.ifPresent(o -> o.requireOurs(storage()));
    storage().settle(folder(manifest));
    manifests.write(manifest, folder(manifest));
    if (!places.isLocal()) {
      Places.deleteHere(places.writing(folder(manifest)));
    }
  }

  /** The same for several at once, whose files a disk writes down together. */
  public void commit(List<BatchManifest> batches) {
    batches.parallelStream().forEach(this::commit);
  }

  public Optional<BatchManifest> find(String source, String stream, String extractId) {
    return storage()
        .find(folder(source, stream, extractId) + "/" + Manifests.FILE)
        .flatMap(manifests::read);
  }

  /**
   * The time to write into the manifest of an extract that ends now: after those of all batches of
   * the stream, so that the newest is the newest, should the clock have gone back meanwhile.
   */
  public Instant end(String source, String stream, Instant now) {
    return newest(source, stream)
        .map(newest -> newest.endedAt().plusMillis(1))
        .filter(after -> after.isAfter(now))
        .orElse(now);
  }

  /** The batch whose extract ended last. */
  public Optional<BatchManifest> newest(String source, String stream) {
    return list(source, stream).stream().findFirst();
  }

  /**
   * The batch that a run extracted, its last one if the extract was tried more than once; without
   * one, the newest there is.
   */
  public Optional<BatchManifest> ofRunOrNewest(String source, String stream, String runId) {
    List<BatchManifest> batches = list(source, stream); // once: elsewhere, it takes its time
    return batches.stream()
        .filter(b -> b.runId().equals(runId))
        .findFirst()
        .or(() -> batches.stream().findFirst());
  }

  /** The batches of a stream, the newest first. */
  public List<BatchManifest> list(String source, String stream) {
    return batches(storage().files(source + "/" + stream));
  }

  private List<BatchManifest> batches(List<StoredFile> files) {
    return files.stream()
        .filter(f -> f.name().endsWith("/" + Manifests.FILE))
        .flatMap(f -> manifests.read(f).stream())
        .sorted(
            Comparator.comparing(BatchManifest::endedAt)
                .thenComparing(BatchManifest::extractId)
                .reversed())
        .toList();
  }

  /** Names of the sources that have left a batch or part of one. */
  public List<String> sources() {
    return storage().folders("");
  }

  /** Names of the streams of a source that have left a batch or part of one. */
  public List<String> streams(String source) {
    return storage().folders(source);
  }

  /** Begins to read files of batches. Ended by {@link Reading#close}. */
  public Reading reading() {
    return places.isLocal()
        ? new VerifiedFiles.Here(places)
        : new VerifiedFiles.Copies(places, places.copies().lease());
  }

  /**
   * Removes what extracts of this stream left without a manifest, except the given extract's.
   * Returns whether there was any.
   */
  public boolean discardUnfinished(String source, String stream, String exceptExtractId) {
    String folder = source + "/" + stream;
    storage().sweep(folder, Instant.MAX);
    List<Remains> left =
        Remains.of(places, folder, storage().files(folder)).stream()
            .filter(r -> !r.extractId().equals(exceptExtractId))
            .toList();
    left.forEach(r -> r.delete(places));
    return !left.isEmpty();
  }

  /** Removes batches that have had their time. */
  public RemovedBatches expire(BatchExpiry expiry) {
    RemovedBatches removed = RemovedBatches.NONE;
    for (String source : sources()) {
      for (String stream : streams(source)) {
        List<StoredFile> files = storage().files(source + "/" + stream);
        removed = removed.plus(expireBatches(batches(files), expiry));
        removed = removed.plus(expireRemains(source + "/" + stream, files, expiry));
      }
    }
    if (expiry.effect() == Effect.REMOVE) {
      storage().sweep("", expiry.leftBefore());
    }
    return removed;
  }

  private RemovedBatches expireBatches(List<BatchManifest> batches, BatchExpiry expiry) {
    RemovedBatches removed = RemovedBatches.NONE;
    for (BatchManifest batch : batches.subList(Math.min(1, batches.size()), batches.size())) {
      if (batch.endedAt().isBefore(expiry.endedBefore())
          && !expiry.activeRuns().contains(batch.runId())
          && !expiry.wanted().contains(batch.extractId())) {
        removed = removed.plus(new RemovedBatches(1, batch.bytes()));
        if (expiry.effect() == Effect.REMOVE) {
          delete(batch);
        }
      }
    }
    return removed;
  }

  private RemovedBatches expireRemains(String folder, List<StoredFile> files, BatchExpiry expiry) {
    RemovedBatches removed = RemovedBatches.NONE;
    for (Remains remains : Remains.of(places, folder, files)) {
      boolean active =
          expiry.activeRuns().stream().anyMatch(run -> remains.extractId().startsWith(run + "."));
      if (!active && remains.written().isBefore(expiry.leftBefore())) {
        removed = removed.plus(new RemovedBatches(1, remains.bytes()));
        if (expiry.effect() == Effect.REMOVE) {
          remains.delete(places);
        }
      }
    }
    return removed;
  }

  /** Removes a batch, its manifest first, so that nobody sees half of it. */
  public void delete(BatchManifest batch) {
    storage(); // which must be ours
    manifests.delete(folder(batch));
    places.deleteFolder(folder(batch));
  }

  /** Ends the use of the storage and of the copies on this machine. */
  @Override
  public void close() {
    places.copies().close();
    places.storage().close();
  }

  private static String folder(String source, String stream, String extractId) {
    return source + "/" + stream + "/" + extractId;
  }

  static String folder(BatchManifest batch) {
    return folder(batch.source(), batch.stream(), batch.extractId());
  }
}
