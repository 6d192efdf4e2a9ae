package io.ecluse.warehouse;

import io.ecluse.schema.TableName;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.jdbi.v3.core.Handle;

/** What names are to a run: what it has staged of them, else what is published. */
record RunNames(Staging staging, String runId, OpenJob job) {
  /** What was seen of a name, at one moment. */
  record Seen(
      Optional<CatalogRows.StagedRow> staged, CatalogRows.Base base, Optional<String> published) {
    /** Where the metadata of a table is. */
    Optional<String> file() {
      return staged.isPresent() ? staged.get().location() : published;
    }

    Optional<Long> view() {
      return staged.isPresent() ? staged.get().view() : base.view();
    }

    /** The row by which the run has something else. */
    CatalogRows.StagedRow row(TableName name, Optional<String> file, Optional<Long> view) {
      return new CatalogRows.StagedRow(
          name, staged.map(CatalogRows.StagedRow::base).orElse(base), file, view);
    }
  }

  /** Somebody else has staged meanwhile. */
  static final class Overtaken extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  Seen see(TableName name) {
    return staging
        .jdbi()
        .withHandle(
            h -> {
              CatalogRows.Base base =
                  job.moment().map(m -> m.of(name)).orElseGet(() -> staging.base(h, name));
              return new Seen(
                  staging.catalog().staged(h, runId).stream()
                      .filter(r -> r.table().equals(name))
                      .findFirst(),
                  base,
                  base.view().isPresent() ? Optional.empty() : base.location());
            });
  }

  /** The tables that are published, but for those that a view hides. */
  List<CatalogRows.Row> published(Handle handle) {
    return job.moment()
        .map(
            m ->
                m.files().entrySet().stream()
                    .filter(e -> !m.views().containsKey(e.getKey()))
                    .map(e -> new CatalogRows.Row(TableName.parse(e.getKey()), e.getValue()))
                    .toList())
        .orElseGet(() -> staging.catalog().published(handle));
  }

  /** The names that are views for readers of what is published. */
  List<TableName> publishedViews(Handle handle) {
    return job.moment()
        .map(m -> m.views().keySet().stream().map(TableName::parse).toList())
        .orElseGet(
            () -> staging.views().published(handle).stream().map(TableSnapshot::table).toList());
  }

  RunPerspective perspective() {
    return new RunPerspective(runId, job.marks());
  }

  /** A table as it is stored; one whose first publication was rolled back is none. */
  Optional<TableMetadata> stored(Seen seen) {
    return seen.file()
        .map(staging.snapshots()::metadata)
        .filter(m -> seen.staged().isPresent() || m.currentSnapshot() != null);
  }

  /** A table as others see it. */
  Optional<TableMetadata> table(Seen seen) {
    return stored(seen).map(stored -> table(stored, seen.file().orElseThrow()));
  }

  TableMetadata table(TableMetadata stored, String file) {
    return perspective().seen(stored, staging.root().files().location(file));
  }

  /** Whether a name is a table or view for readers of what is published. */
  boolean isPublished(Seen seen) {
    return seen.base().view().isPresent()
        || seen.base()
            .location()
            .map(staging.snapshots()::metadata)
            .filter(m -> m.currentSnapshot() != null)
            .isPresent();
  }

  /**
   * Stages what a name is to be.
   *
   * @throws Overtaken if it is not as it was seen any more
   */
  void stage(Handle handle, Seen seen, CatalogRows.StagedRow row) {
    if (!staging.catalog().restage(handle, runId, seen.staged(), row)) {
      throw new Overtaken();
    }
  }

  /** Takes back what the run has staged of a name. */
  void drop(TableName name, Seen seen) {
    staging
        .jdbi()
        .useTransaction(
            h -> {
              staging.hold(h, runId);
              unstage(h, name, seen);
            });
  }

  private void unstage(Handle handle, TableName name, Seen seen) {
    if (!staging.catalog().unstage(handle, runId, seen.staged().orElseThrow())) {
      throw new CommitFailedException("%s was changed meanwhile; try again", name);
    }
  }

  /** What is staged under the other name. */
  interface Naming {
    CatalogRows.StagedRow row(Handle handle);
  }

  /** Gives what the run has staged of a name another one. */
  void rename(TableName from, Seen seen, Seen there, Naming naming) {
    try {
      staging
          .jdbi()
          .useTransaction(
              h -> {
                staging.hold(h, runId);
                unstage(h, from, seen);
                stage(h, there, naming.row(h));
              });
    } catch (Overtaken e) {
      throw new CommitFailedException(e, "%s was changed meanwhile; try again", from);
    }
  }
}
