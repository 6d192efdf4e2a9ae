package io.ecluse.warehouse;

import io.ecluse.disk.Disk;
import io.ecluse.storage.Followed;
import io.ecluse.storage.Moved;
import io.ecluse.storage.Places;
import io.ecluse.storage.Transfers;
import org.jdbi.v3.core.Jdbi;

/**
 * All that works on the tables in one place. When they are taken elsewhere, whoever works here is
 * told so by {@link Moved}, and nothing that is done here takes effect any more.
 */
final class Site implements Followed.Place {
  private final CatalogRows catalog;
  private final PublicationRows publications;
  private final WarehouseFolder folder;
  private final StorageFileIO io;
  private final Staging staging;
  private final Publisher publisher;
  private final Rollback rollback;
  private final Renaming renaming;
  private final Reclaiming reclaiming;
  private final Resolver resolver;
  private final Published published;

  Site(Jdbi jdbi, String environment, Places places, Disk disk, Transfers transfers) {
    this.io = new StorageFileIO(places, disk);
    Snapshots snapshots = new Snapshots(io);
    this.catalog = new CatalogRows(environment);
    this.publications = new PublicationRows(environment);
    ViewRows views = new ViewRows(environment);
    this.folder = new WarehouseFolder(jdbi, new FolderRows(environment), io);
    MetadataFiles files = new MetadataFiles(io, transfers);
    this.staging =
        new Staging(jdbi, catalog, views, snapshots, new Staging.Root(folder, files), Fence.NONE);
    this.publisher = new Publisher(jdbi, catalog, publications, views, snapshots, files);
    this.rollback = new Rollback(jdbi, catalog, publications, views, snapshots, files);
    Expiry expiry = new Expiry(jdbi, catalog, publications, snapshots, files);
    this.renaming = new Renaming(jdbi, catalog, snapshots, files);
    this.reclaiming = new Reclaiming(jdbi, catalog, expiry, renaming, snapshots, folder);
    this.resolver = new Resolver(jdbi, catalog, publications, views, snapshots, transfers);
    this.published = new Published(jdbi, catalog, views, snapshots);
  }

  /** As {@link Warehouse#settle}. */
  void settle(Home home) {
    folder.settle(home);
    catalog.settled(folder.here());
  }

  CatalogRows catalog() {
    return catalog;
  }

  PublicationRows publications() {
    return publications;
  }

  WarehouseFolder folder() {
    return folder;
  }

  StorageFileIO io() {
    return io;
  }

  Staging staging() {
    return staging;
  }

  Publisher publisher() {
    return publisher;
  }

  Rollback rollback() {
    return rollback;
  }

  Renaming renaming() {
    return renaming;
  }

  Reclaiming reclaiming() {
    return reclaiming;
  }

  Resolver resolver() {
    return resolver;
  }

  Published published() {
    return published;
  }

  @Override
  public Places places() {
    return io.places();
  }
}
