package io.ecluse.staging;

import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Effect;
import io.ecluse.storage.Followed;
import io.ecluse.storage.Owner;
import io.ecluse.storage.Places;
import io.ecluse.storage.Storage;
import io.ecluse.storage.StoredFile;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Batches in one place, and whether that is known to be ours. */
final class Site implements Followed.Place {
  private final Places places;
  private final Manifests manifests;
  private volatile boolean looked;
  private volatile boolean taken;

  Site(Places places) {
    this.places = places;
    this.manifests = new Manifests(places);
  }

  @Override
  public Places places() {
    return places;
  }

  Manifests manifests() {
    return manifests;
  }

  Storage storage() {
    return places.storage();
  }

  /** Looks once whether the place is another project's. */
  void look(Optional<Owner> owner) {
    if (!looked) {
      owner.ifPresent(o -> o.requireOurs(storage()));
      looked = true;
    }
  }

  /** Before anything is written. */
  void take(Optional<Owner> owner) {
    if (!taken) {
      owner.ifPresent(o -> o.take(storage()));
      taken = true;
    }
  }

  /** Before batches come here that are somewhere else. */
  void takeOver(Optional<Owner> owner) {
    look(owner);
    boolean known = storage().find(Owner.Kind.STAGING.file()).isPresent();
    int files = known ? 0 : storage().files("").size();
    if (files > 0) {
      throw ErrorCode.CONFLICT.error(
          "%s is not empty: it has %d files of which nobody says that they are of this project; nothing was changed. Take another place, or remove them"
              .formatted(places.here(), files));
    }
    take(owner);
  }

  /** The batches among the files of a stream, the newest first. */
  List<BatchManifest> batches(List<StoredFile> files) {
    return files.stream()
        .filter(f -> f.name().endsWith("/" + Manifests.FILE))
        .flatMap(f -> manifests.read(f).stream())
        .sorted(
            Comparator.comparing(BatchManifest::endedAt)
                .thenComparing(BatchManifest::extractId)
                .reversed())
        .toList();
  }

  /** As {@link StagingArea#expire}. */
  RemovedBatches expire(BatchExpiry expiry) {
    RemovedBatches removed = RemovedBatches.NONE;
    for (String source : storage().folders("")) {
      for (String stream : storage().folders(source)) {
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
  void delete(BatchManifest batch) {
    manifests.delete(StagingArea.folder(batch));
    places.deleteFolder(StagingArea.folder(batch));
  }
}
