package io.ecluse.warehouse;

import io.ecluse.error.EcluseException;
import io.ecluse.storage.Moved;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.exceptions.NotFoundException;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names the files of all tables by where they are, once the tables were taken elsewhere or the
 * project was copied: we find files by their names in the warehouse, engines of others by whole
 * locations. States, rows and times stay; a table that somebody publishes meanwhile is left for the
 * next time. Safe for use by several threads.
 */
final class Renaming {
  private static final Logger LOG = LoggerFactory.getLogger(Renaming.class);

  private final Jdbi jdbi;
  private final CatalogRows catalog;
  private final Snapshots snapshots;
  private final MetadataFiles files;
  private final Set<String> clean = ConcurrentHashMap.newKeySet();

  Renaming(Jdbi jdbi, CatalogRows catalog, Snapshots snapshots, MetadataFiles files) {
    this.jdbi = jdbi;
    this.catalog = catalog;
    this.snapshots = snapshots;
    this.files = files;
  }

  /** Returns how many tables had names of before. */
  long all() {
    if (!files.io().hasMoved()) {
      return 0;
    }
    List<CatalogRows.Row> rows = jdbi.withHandle(catalog::pointers);
    return rows.stream()
        .filter(row -> StorageFileIO.isWithin(row.location()))
        .filter(this::table)
        .count();
  }

  private boolean table(CatalogRows.Row row) {
    try (Drafts drafts = files.drafts()) {
      Optional<TableMetadata> renamed =
          new RenamedTable(files.io(), drafts, clean).of(snapshots.metadata(row.location()));
      if (renamed.isEmpty()) {
        return false;
      }
      String name = files.io().name(RunTableOperations.write(drafts, renamed.get()));
      drafts.settle();
      return jdbi.inTransaction(
          h -> {
            catalog.requireHere(h);
            return catalog.replace(h, row.table(), Optional.of(row.location()), name);
          });
    } catch (RenamedTable.Unknown e) {
      LOG.info(
          "{} has files of other engines that name each other by the place of before; other engines do not find what was written there",
          row.table());
      return false;
    } catch (Moved e) {
      throw e;
    } catch (EcluseException | UncheckedIOException | NotFoundException e) {
      LOG.warn(
          "{} still names files by the place of before, where other engines look for them; ecluse maintain tries again: {}",
          row.table(),
          e.getMessage());
      return false;
    }
  }
}
