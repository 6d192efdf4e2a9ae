package io.ecluse.staging;

import io.ecluse.error.ErrorCode;
import io.ecluse.storage.Copies;
import io.ecluse.storage.Owner;
import io.ecluse.storage.Relocation;
import io.ecluse.storage.StoredFile;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What there is to the move of batches: all that are whole. What an extract has begun stays, and is
 * brought along by whoever makes a batch of it.
 *
 * @param sums of parts, as manifests say, by their names
 */
record MovingBatches(
    BatchMoves moves, Optional<Owner> owner, Relocation.Held held, Map<String, String> sums)
    implements Relocation.Moving<Site> {
  MovingBatches(BatchMoves moves, Optional<Owner> owner, Relocation.Held held) {
    this(moves, owner, held, new ConcurrentHashMap<>());
  }

  @Override
  public <T> T held(Duration patience, Supplier<T> work) {
    return held.during(patience, work);
  }

  @Override
  public void requireHere(Site site) {
    moves.requireHere(site.places().here());
    site.look(owner);
  }

  @Override
  public void take(Site site, Site target) {
    target.takeOver(owner);
  }

  /** Parts first, and manifests when their parts are there, so that no batch is there in half. */
  @Override
  public Supplier<List<StoredFile>> missing(Site site, Copies copies) {
    return () -> {
      List<StoredFile> all = site.storage().files("");
      Set<String> names = new HashSet<>();
      all.forEach(f -> names.add(f.name()));
      List<StoredFile> parts = new ArrayList<>();
      List<StoredFile> manifests = new ArrayList<>();
      for (StoredFile file : all) {
        boolean open = !copies.has(file.name());
        if (open && file.name().endsWith("/" + Manifests.FILE)) {
          manifests.add(file);
          site.manifests().read(file).ifPresent(batch -> require(site, batch, names));
        } else if (open && names.contains(manifestBeside(file.name()))) {
          parts.add(file);
        }
      }
      return parts.isEmpty() ? manifests : parts;
    };
  }

  private static String manifestBeside(String name) {
    return name.substring(0, name.lastIndexOf('/') + 1) + Manifests.FILE;
  }

  private void require(Site site, BatchManifest batch, Set<String> names) {
    for (Part part : batch.files()) {
      String name = StagingArea.folder(batch) + "/" + part.file();
      sums.put(name, part.sha256());
      if (!names.contains(name)) {
        throw ErrorCode.DATA_CORRUPT.error(
            "%s is missing, which its manifest names; nothing was changed. Delete that batch's folder, extract again, and move then"
                .formatted(site.places().where(name)));
      }
    }
  }

  @Override
  public Function<String, Optional<String>> sums(Site site) {
    return name -> Optional.ofNullable(sums.get(name));
  }

  @Override
  public void last(Site site, String to, Runnable rest) {
    moves.move(site.places().here(), to, rest);
  }

  @Override
  public void moved(Site site) {
    // batches name nothing by where they are
  }

  @Override
  public List<Relocation.Left> left(Site site) {
    requireHere(site);
    return moves.left();
  }

  @Override
  public Relocation.Removed remove(Site site, Site old, Instant now) {
    old.look(owner);
    List<StoredFile> files =
        old.storage().files("").stream().filter(f -> f.name().split("/").length == 4).toList();
    old.storage().delete(files.stream().map(StoredFile::name).toList());
    old.storage().sweep("", now);
    old.storage().delete(List.of(Owner.Kind.STAGING.file()));
    return new Relocation.Removed(
        old.places().here(), files.size(), files.stream().mapToLong(StoredFile::bytes).sum());
  }
}
