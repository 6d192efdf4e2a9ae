package io.ecluse.staging;

import io.ecluse.disk.Disk;
import io.ecluse.error.EcluseException;
import io.ecluse.storage.Checksums;
import io.ecluse.storage.Followed;
import io.ecluse.storage.LocalCopies;
import io.ecluse.storage.LocalErrors;
import io.ecluse.storage.Owner;
import io.ecluse.storage.Places;
import io.ecluse.storage.Relocation;
import io.ecluse.storage.Transfers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The batches of one environment: {@code <root>/<source>/<stream>/<extract-id>/}.
 *
 * <p>A batch is immutable and appears whole or not at all: its manifest is written last, in one
 * step. Elsewhere than on this machine, each part is stored as soon as it is sealed, and checked by
 * the store, so the disk holds no more than the parts that are being written. Safe for use by
 * several threads and processes as long as extract ids are unique.
 */
public final class StagingArea implements AutoCloseable {
  private final PartFormat format;
  private final Followed<Site> sites;
  private final Optional<BatchMoves> moves;
  private final Transfers transfers = new Transfers();
  private volatile Optional<Owner> owner = Optional.empty();

  /** An area that stays where it is. */
  public StagingArea(Places places, PartFormat format) {
    this(
        places,
        format,
        Optional.empty(),
        to -> {
          throw new IllegalStateException("Nobody can open " + to);
        });
  }

  /**
   * An area that follows batches which are taken elsewhere.
   *
   * @param moves tells where they are
   * @param elsewhere opens another place
   */
  public StagingArea(
      Places places, PartFormat format, BatchMoves moves, Function<String, Places> elsewhere) {
    this(places, format, Optional.of(moves), elsewhere);
  }

  private StagingArea(
      Places places,
      PartFormat format,
      Optional<BatchMoves> moves,
      Function<String, Places> elsewhere) {
    this.format = format;
    this.moves = moves;
    this.sites =
        new Followed<>(Owner.Kind.STAGING, new Site(places), to -> new Site(elsewhere.apply(to)));
  }

  /** An area of Parquet files below a local folder, which is made when first written to. */
  public StagingArea(Path root) {
    this(Places.of(root, new Disk()), PartFormat.PARQUET);
  }

  /**
   * From now on batches are read, written and removed for this owner only. Nobody looks there
   * before that is wanted, since the location may be far away.
   */
  public void ownedBy(Owner project) {
    owner = Optional.of(project);
    sites.at(this::followed);
    sites.warn();
  }

  /** How new parts are written. */
  public PartFormat format() {
    return format;
  }

  /** Copies on this machine of what is elsewhere. */
  public LocalCopies copies() {
    return sites.now().places().copies();
  }

  /** Folders of this machine that files of batches are in. */
  public List<Path> folders() {
    return sites.now().places().folders();
  }

  /** Where it is, for people. */
  public String location() {
    return sites.at(this::followed).storage().location();
  }

  /** Where a batch is, for people. */
  public String location(BatchManifest batch) {
    return sites.at(this::followed).places().where(folder(batch));
  }

  /**
   * What takes the batches elsewhere.
   *
   * @param held keeps others from deleting and copying files meanwhile
   */
  public Relocation<?> relocation(Relocation.Held held) {
    return new Relocation<>(sites, new MovingBatches(moves.orElseThrow(), owner, held), transfers);
  }

  private Site followed(Site site) {
    moves.ifPresent(m -> m.requireHere(site.places().here()));
    return site;
  }

  /** Where batches are, if they are ours. */
  private Site here() {
    Site site = sites.at(this::followed);
    site.look(owner);
    return site;
  }

  /** By way of which place something is written that was begun there; it may have moved since. */
  private Site of(Path file) {
    return sites.all().stream()
        .filter(site -> file.startsWith(site.places().writing("")))
        .findFirst()
        .orElseGet(sites::now);
  }

  /**
   * Makes the folder of a new batch and returns it; for a batch that was begun, the same again.
   * Parts are written there by the caller.
   *
   * @throws EcluseException when the folder cannot be made, DISK_FULL among the reasons; CONFLICT
   *     when the location is another project's
   */
  public Path begin(String source, String stream, String extractId) {
    Site site = here();
    site.take(owner);
    String batch = folder(source, stream, extractId);
    Path folder =
        sites.all().stream()
            .map(each -> each.places().writing(batch))
            .filter(Files::isDirectory)
            .findFirst()
            .orElseGet(() -> site.places().writing(batch));
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
    Places places = of(file).places();
    if (!places.isLocal()) {
      places.storage().upload(file, places.name(file));
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
    Places places = of(file).places();
    if (!places.isLocal()) {
      places.storage().delete(List.of(places.name(file)));
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
    Site site = of(folder);
    String to = site.places().name(folder.resolve(linked.file()));
    if (!site.storage().copy(from, to) && !isBrought(from, site, to)) {
      throw VerifiedFiles.corrupt(site.places().where(from), "it is missing");
    }
    return linked;
  }

  /** As {@link #commit(List)}. */
  public void commit(BatchManifest manifest) {
    commit(List.of(manifest));
  }

  /**
   * Makes batches exist; from now on they are there also after a power loss. Their files are
   * written down together by a disk, and are where the batches are, whatever was taken elsewhere
   * since they were written.
   *
   * @throws EcluseException CONFLICT if another project has taken the location meanwhile
   */
  public void commit(List<BatchManifest> batches) {
    sites.at(
        site -> {
          batches.parallelStream().forEach(batch -> gather(batch, site));
          Runnable write = () -> batches.parallelStream().forEach(batch -> write(batch, site));
          moves.ifPresentOrElse(m -> m.whileHere(site.places().here(), write), write);
          return site;
        });
    sites.all().stream()
        .filter(site -> !site.places().isLocal())
        .forEach(site -> batches.forEach(b -> Places.deleteHere(site.places().writing(folder(b)))));
  }

  /** Returns when all parts of a batch are in a place. */
  private void gather(BatchManifest batch, Site site) {
    if (sites.all().size() > 1) {
      for (Part part : batch.files()) {
        String name = folder(batch) + "/" + part.file();
        if (site.storage().find(name).isEmpty() && !isBrought(name, site, name)) {
          throw VerifiedFiles.corrupt(site.places().where(name), "it is missing");
        }
      }
    }
    site.storage().settle(folder(batch));
  }

  /** Brings a file from whichever place has it of those that this process has written to. */
  private boolean isBrought(String name, Site site, String as) {
    return sites.all().stream()
        .anyMatch(
            other ->
                other != site
                    && other.places().with(name, file -> site.storage().upload(file, as)));
  }

  private void write(BatchManifest batch, Site site) {
    owner.ifPresent(o -> o.requireOurs(site.storage()));
    site.manifests().write(batch, folder(batch));
  }

  public Optional<BatchManifest> find(String source, String stream, String extractId) {
    Site site = here();
    return site.storage()
        .find(folder(source, stream, extractId) + "/" + Manifests.FILE)
        .flatMap(site.manifests()::read);
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
    Site site = here();
    return site.batches(site.storage().files(source + "/" + stream));
  }

  /** Names of the sources that have left a batch or part of one. */
  public List<String> sources() {
    return here().storage().folders("");
  }

  /** Names of the streams of a source that have left a batch or part of one. */
  public List<String> streams(String source) {
    return here().storage().folders(source);
  }

  /** Begins to read files of batches. Ended by {@link Reading#close}. */
  public Reading reading() {
    Places places = sites.at(this::followed).places();
    return places.isLocal()
        ? new VerifiedFiles.Here(places)
        : new VerifiedFiles.Copies(places, places.copies().lease());
  }

  /**
   * Removes what extracts of this stream left without a manifest, except the given extract's.
   * Returns whether there was any.
   */
  public boolean discardUnfinished(String source, String stream, String exceptExtractId) {
    Site site = here();
    String folder = source + "/" + stream;
    site.storage().sweep(folder, Instant.MAX);
    List<Remains> left =
        Remains.of(site.places(), folder, site.storage().files(folder)).stream()
            .filter(r -> !r.extractId().equals(exceptExtractId))
            .toList();
    left.forEach(r -> r.delete(site.places()));
    return !left.isEmpty();
  }

  /** Removes batches that have had their time. */
  public RemovedBatches expire(BatchExpiry expiry) {
    return here().expire(expiry);
  }

  /** Removes a batch, its manifest first, so that nobody sees half of it. */
  public void delete(BatchManifest batch) {
    here().delete(batch);
  }

  /** Ends the use of the storage and of the copies on this machine. */
  @Override
  public void close() {
    sites.close();
  }

  private static String folder(String source, String stream, String extractId) {
    return source + "/" + stream + "/" + extractId;
  }

  static String folder(BatchManifest batch) {
    return folder(batch.source(), batch.stream(), batch.extractId());
  }
}
