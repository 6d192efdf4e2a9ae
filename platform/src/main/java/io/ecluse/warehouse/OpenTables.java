package io.ecluse.warehouse;

import io.ecluse.schema.TableName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.iceberg.MetadataUpdate;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.UpdateRequirement;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.jdbi.v3.core.Handle;

/**
 * Tables as engines of others see and change them, in Iceberg's words: what a run has staged over
 * what is published, all of it on {@code main}. What is committed is staged for the run, behind its
 * fence, or refused; nothing else of the catalog changes. A commit that was made is made again
 * without effect. Safe for use by several threads.
 */
public final class OpenTables {
  private static final int TRIES = 5;
  private static final Map<String, String> PROPERTIES =
      Map.of(
          "write.parquet.compression-codec", "zstd",
          "write.metadata.previous-versions-max", "10");

  private final Staging staging;
  private final String runId;
  private final RunPerspective perspective;
  private final Admission admission;

  OpenTables(Staging staging, String runId, Admission admission) {
    this.admission = admission;
    this.staging = staging;
    this.runId = runId;
    this.perspective = new RunPerspective(runId);
  }

  /**
   * A change that is wanted to a table.
   *
   * @param requirements that must hold of what is there
   */
  public record Change(
      TableName table, List<UpdateRequirement> requirements, List<MetadataUpdate> updates) {
    public Change {
      requirements = List.copyOf(requirements);
      updates = List.copyOf(updates);
    }
  }

  /**
   * What was seen of a name, at one moment.
   *
   * @param base what is published
   */
  private record Seen(
      Optional<CatalogRows.StagedRow> staged, CatalogRows.Base base, Optional<String> published) {
    Optional<String> file() {
      return staged.isPresent() ? staged.get().location() : published;
    }

    boolean isView() {
      return staged.isPresent() ? staged.get().view().isPresent() : base.view().isPresent();
    }
  }

  /** What is to be staged: what a table becomes. */
  private record Next(TableName table, Seen seen, TableMetadata metadata, Optional<String> file) {}

  /** Somebody else has staged meanwhile. */
  private static final class Overtaken extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** The names that are tables, in their order. */
  public SortedSet<TableName> names() {
    return staging
        .jdbi()
        .withHandle(
            h -> {
              SortedSet<TableName> names = new TreeSet<>();
              staging.catalog().published(h).stream()
                  .filter(row -> isSeen(row.location()))
                  .forEach(row -> names.add(row.table()));
              for (CatalogRows.StagedRow row : staging.catalog().staged(h, runId)) {
                if (row.location().isPresent()) {
                  names.add(row.table());
                } else {
                  names.remove(row.table());
                }
              }
              return names;
            });
  }

  /** A table whose first publication was rolled back is none. */
  private boolean isSeen(String location) {
    return staging.snapshots().metadata(location).currentSnapshot() != null;
  }

  private Optional<CatalogRows.StagedRow> staged(Handle handle, TableName name) {
    return staging.catalog().staged(handle, runId).stream()
        .filter(r -> r.table().equals(name))
        .findFirst();
  }

  /** A table, without changes to it, as it is now; empty if the name is none. */
  public Optional<TableMetadata> find(TableName table) {
    return metadata(see(table));
  }

  private Seen see(TableName name) {
    return staging
        .jdbi()
        .withHandle(
            h ->
                new Seen(
                    staged(h, name),
                    staging.base(h, name),
                    Optional.ofNullable(staging.catalog().published(h, List.of(name)).get(name))));
  }

  private Optional<TableMetadata> metadata(Seen seen) {
    return stored(seen)
        .map(
            stored ->
                perspective.seen(
                    stored, staging.root().files().location(seen.file().orElseThrow())));
  }

  private Optional<TableMetadata> stored(Seen seen) {
    return seen.file()
        .map(staging.snapshots()::metadata)
        .filter(m -> seen.staged().isPresent() || m.currentSnapshot() != null);
  }

  /** A new table, which is not staged: whoever wants it says so by a change that creates it. */
  public TableMetadata draft(
      TableName name,
      Schema schema,
      PartitionSpec spec,
      SortOrder order,
      Map<String, String> properties) {
    ForeignRules.check(name);
    requireFree(name, see(name));
    Map<String, String> all = new LinkedHashMap<>(PROPERTIES);
    all.putAll(properties);
    String location =
        "%s/%s/%s-%s"
            .formatted(
                staging.root().files().io().root(),
                name.schema(),
                name.name(),
                UUID.randomUUID().toString().substring(0, 8));
    TableMetadata draft = TableMetadata.newTableMetadata(schema, spec, order, location, all);
    ForeignRules.check(name, draft, Optional.empty());
    return draft;
  }

  private void requireFree(TableName name, Seen seen) {
    if (seen.isView()) {
      throw new AlreadyExistsException("View with same name already exists: %s", name);
    }
    if (metadata(seen).isPresent()) {
      throw new AlreadyExistsException("Table already exists: %s", name);
    }
  }

  /**
   * Stages a new table.
   *
   * @param draft of it
   * @return as it is then
   */
  public TableMetadata create(TableName name, TableMetadata draft) {
    return commit(List.of(new Change(name, List.of(), List.of())), Optional.of(draft)).get(0);
  }

  /**
   * Stages changes to several tables, all or none, and returns what they are then.
   *
   * @throws CommitFailedException if what is required is not so
   * @throws NoSuchTableException if one is not there
   * @throws AlreadyExistsException if one that is to be created is
   * @throws io.ecluse.error.EcluseException DATA_INVALID for what tables here cannot be;
   *     ATTEMPT_OVERTAKEN, CONFLICT by the fence
   */
  public List<TableMetadata> commit(List<Change> changes) {
    return commit(changes, Optional.empty());
  }

  private List<TableMetadata> commit(List<Change> changes, Optional<TableMetadata> draft) {
    staging.root().folder().begin();
    for (int tries = 1; ; tries++) {
      try (Drafts drafts = staging.root().files().drafts()) {
        List<Next> all =
            changes.stream()
                .map(c -> draft.isPresent() ? first(c, draft.get(), drafts) : next(c, drafts))
                .toList();
        drafts.settle();
        stage(all);
        return all.stream().map(this::after).toList();
      } catch (Overtaken e) {
        if (tries == TRIES) {
          throw new CommitFailedException(
              "Others have committed to the same tables of run %s %d times meanwhile; try again",
              runId, tries);
        }
      }
    }
  }

  private TableMetadata after(Next next) {
    return next.file()
        .map(
            f ->
                perspective.seen(
                    staging.snapshots().metadata(f), staging.root().files().location(f)))
        .orElse(next.metadata());
  }

  private void stage(List<Next> all) {
    if (all.stream().allMatch(n -> n.file().isEmpty())) {
      return;
    }
    staging
        .jdbi()
        .useTransaction(
            h -> {
              staging.hold(h, runId);
              for (Next next : all) {
                if (next.file().isPresent()
                    && !staging.catalog().restage(h, runId, next.seen().staged(), row(next))) {
                  throw new Overtaken();
                }
              }
            });
  }

  private static CatalogRows.StagedRow row(Next next) {
    return new CatalogRows.StagedRow(
        next.table(),
        next.seen().staged().map(CatalogRows.StagedRow::base).orElse(next.seen().base()),
        next.file(),
        Optional.empty());
  }

  private Next first(Change change, TableMetadata draft, Drafts drafts) {
    Seen seen = see(change.table());
    requireFree(change.table(), seen);
    return prepared(change.table(), seen, Optional.empty(), draft, drafts);
  }

  private Next next(Change change, Drafts drafts) {
    TableName name = change.table();
    Seen seen = see(name);
    Optional<TableMetadata> now = metadata(seen);
    boolean creates =
        change.requirements().stream()
            .anyMatch(UpdateRequirement.AssertTableDoesNotExist.class::isInstance);
    if (creates) {
      return created(change, seen, now, drafts);
    }
    if (now.isEmpty()) {
      throw new NoSuchTableException("Table does not exist: %s", name);
    }
    try {
      change.requirements().forEach(r -> r.validate(now.get()));
    } catch (CommitFailedException e) {
      if (isMade(change, now.get())) {
        return new Next(name, seen, now.get(), Optional.empty());
      }
      throw e;
    }
    TableMetadata changed =
        TimeOrder.change(now.get(), m -> applied(change, TableMetadata.buildFrom(m)));
    return changed == now.get()
        ? new Next(name, seen, changed, Optional.empty())
        : prepared(name, seen, now, changed, drafts);
  }

  /** Whether a commit was made before, and whoever made it has not heard of it. */
  private static boolean isMade(Change change, TableMetadata now) {
    boolean any = false;
    for (MetadataUpdate update : change.updates()) {
      if (update instanceof MetadataUpdate.AddSnapshot add) {
        any = true;
        if (now.snapshot(add.snapshot().snapshotId()) == null) {
          return false;
        }
      }
    }
    return any;
  }

  private Next created(Change change, Seen seen, Optional<TableMetadata> now, Drafts drafts) {
    TableName name = change.table();
    Optional<String> uuid =
        change.updates().stream()
            .filter(MetadataUpdate.AssignUUID.class::isInstance)
            .map(u -> ((MetadataUpdate.AssignUUID) u).uuid())
            .findFirst();
    if (now.isPresent() && uuid.equals(Optional.of(now.get().uuid()))) {
      return new Next(name, seen, now.get(), Optional.empty());
    }
    ForeignRules.check(name);
    requireFree(name, seen);
    int version =
        change.updates().stream()
            .filter(MetadataUpdate.UpgradeFormatVersion.class::isInstance)
            .map(u -> ((MetadataUpdate.UpgradeFormatVersion) u).formatVersion())
            .findFirst()
            .orElse(2);
    TableMetadata made = applied(change, TableMetadata.buildFromEmpty(version));
    StorageFileIO io = staging.root().files().io();
    String folder = "%s/%s-[0-9a-f]{8}".formatted(name.schema(), name.name());
    if (!Pattern.matches(folder, io.name(made.location()))) {
      throw ForeignRules.refused(
          name,
          "is to be in %s, but tables are in folders that the catalog gives them; leave the location out"
              .formatted(made.location()));
    }
    return prepared(name, seen, Optional.empty(), made, drafts);
  }

  private static TableMetadata applied(Change change, TableMetadata.Builder builder) {
    change.updates().forEach(u -> u.applyTo(builder));
    return builder.build();
  }

  private Next prepared(
      TableName name,
      Seen seen,
      Optional<TableMetadata> now,
      TableMetadata changed,
      Drafts drafts) {
    Optional<TableMetadata> stored = stored(seen);
    Optional<TableMetadata> published = seen.base().location().map(staging.snapshots()::metadata);
    ForeignRules.check(name, changed, published);
    if (now.isPresent() && !now.get().location().equals(changed.location())) {
      throw ForeignRules.refused(
          name, "is to move to %s, but tables stay in their folders".formatted(changed.location()));
    }
    MetadataFiles files = staging.root().files();
    Map<Long, String> lists = admission.admit(name, drafts, changed, stored);
    TableMetadata next =
        perspective.capped(perspective.stored(changed, now.flatMap(n -> stored), lists), drafts);
    String file = files.io().name(RunTableOperations.write(drafts, next));
    return new Next(name, seen, changed, Optional.of(file));
  }

  /**
   * Takes back a table that the run has created.
   *
   * @throws NoSuchTableException if there is none
   * @throws UnsupportedOperationException for a table that is published: no run can drop it
   */
  public void drop(TableName table) {
    Seen seen = requireOwn(table, "drop");
    staging
        .jdbi()
        .useTransaction(
            h -> {
              staging.hold(h, runId);
              if (!staging.catalog().unstage(h, runId, seen.staged().orElseThrow())) {
                throw new CommitFailedException("%s was changed meanwhile; try again", table);
              }
            });
  }

  /** Gives a table that the run has created another name. */
  public void rename(TableName from, TableName to) {
    ForeignRules.check(to);
    Seen seen = requireOwn(from, "rename");
    Seen there = see(to);
    requireFree(to, there);
    CatalogRows.StagedRow row = seen.staged().orElseThrow();
    staging
        .jdbi()
        .useTransaction(
            h -> {
              staging.hold(h, runId);
              boolean same =
                  staging.catalog().unstage(h, runId, row)
                      && staging
                          .catalog()
                          .restage(
                              h,
                              runId,
                              there.staged(),
                              new CatalogRows.StagedRow(
                                  to, there.base(), row.location(), Optional.empty()));
              if (!same) {
                throw new CommitFailedException("%s was changed meanwhile; try again", from);
              }
            });
  }

  private Seen requireOwn(TableName table, String verb) {
    Seen seen = see(table);
    if (metadata(seen).isEmpty()) {
      throw new NoSuchTableException("Table does not exist: %s", table);
    }
    Optional<TableMetadata> published = seen.base().location().map(staging.snapshots()::metadata);
    if (seen.base().view().isPresent()
        || published.filter(m -> m.currentSnapshot() != null).isPresent()) {
      throw new UnsupportedOperationException(
          "A run cannot %s %s, which is published: it can change its rows and columns, or write it anew"
              .formatted(verb, table));
    }
    return seen;
  }
}
