package io.ecluse.warehouse;

import io.ecluse.error.ErrorCode;
import io.ecluse.storage.Copies;
import io.ecluse.storage.Owner;
import io.ecluse.storage.Relocation;
import io.ecluse.storage.Storage;
import io.ecluse.storage.StoredFile;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Jdbi;

/** What there is to the move of tables: all that the catalog and runs lead to. */
record MovingTables(Jdbi jdbi, FolderRows rows, Sites sites) implements Relocation.Moving<Site> {
  private static final String METADATA = ".metadata.json";

  @Override
  public <T> T held(Duration patience, Supplier<T> work) {
    return new HeldFiles(jdbi).during(patience, work);
  }

  @Override
  public void requireHere(Site site) {
    jdbi.useTransaction(site.catalog()::requireHere);
  }

  @Override
  public void take(Site site, Site target) {
    target.folder().take(site.folder(), sites.home());
  }

  @Override
  public Supplier<List<StoredFile>> missing(Site site, Copies copies) {
    return new Missing(site, copies);
  }

  /** By metadata files, which never change. */
  private final class Missing implements Supplier<List<StoredFile>> {
    private final Site site;
    private final Copies copies;

    /** Metadata files all of whose files are there. */
    private final Set<String> whole = new HashSet<>();

    private Set<String> told = Set.of();
    private List<StoredFile> toldFiles = List.of();

    private Missing(Site site, Copies copies) {
      this.site = site;
      this.copies = copies;
    }

    @Override
    public List<StoredFile> get() {
      if (toldFiles.stream().allMatch(f -> copies.has(f.name()))) {
        whole.addAll(told);
      }
      told = new HashSet<>(jdbi.withHandle(rows::metadata));
      told.removeIf(name -> !StorageFileIO.isWithin(name) || whole.contains(name));
      toldFiles = told.isEmpty() ? List.of() : files();
      return toldFiles;
    }

    private List<StoredFile> files() {
      Set<String> names = new HashSet<>(site.reclaiming().filesOf(told));
      names.removeIf(name -> copies.has(name) || !StorageFileIO.isWithin(name));
      List<StoredFile> all = Copies.listed(site.places().storage(), names);
      Set<String> found = new HashSet<>();
      all.forEach(f -> found.add(f.name()));
      for (String name : names) {
        if (!found.contains(name) && (told.contains(name) || !name.endsWith(METADATA))) {
          throw ErrorCode.DATA_CORRUPT.error(
              "%s is missing, which a table needs; nothing was changed"
                  .formatted(site.places().where(name)));
        }
      }
      return all; // metadata of before may have been removed
    }
  }

  @Override
  public Function<String, Optional<String>> sums(Site site) {
    return name -> Optional.empty();
  }

  /** Nobody publishes, stages or opens the project meanwhile. */
  @Override
  public void last(Site site, String to, Runnable rest) {
    jdbi.useTransaction(
        h -> {
          rows.lock(h);
          site.catalog().lockPublications(h);
          rows.lockCurrent(h);
          rest.run();
          rows.move(h, site.folder().here(), to);
        });
  }

  @Override
  public void moved(Site site) {
    site.renaming().all();
  }

  @Override
  public List<Relocation.Left> left(Site site) {
    return jdbi.withHandle(
        h -> {
          Optional<String> current = rows.current(h);
          return rows.taken(h).stream()
              .filter(l -> !current.equals(Optional.of(l.location())))
              .toList();
        });
  }

  @Override
  public Relocation.Removed remove(Site site, Site old, Instant now) {
    old.folder().requireOurs(site.folder(), sites.home());
    Sweep sweep = new Sweep(old.io());
    jdbi.withHandle(rows::metadata).stream()
        .filter(StorageFileIO::isWithin)
        .forEach(name -> sweep.of(name.replaceFirst("/metadata/[^/]+$", "")));
    Reclaimed gone = sweep.removeAll(now);
    Storage storage = old.places().storage();
    storage.delete(List.of(Owner.Kind.WAREHOUSE.file(), WarehouseFolder.CLAIM));
    return new Relocation.Removed(old.places().here(), gone.files(), gone.bytes());
  }
}
