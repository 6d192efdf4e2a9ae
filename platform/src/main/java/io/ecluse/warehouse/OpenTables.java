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
  private final RunNames names;
  private final RunPerspective perspective;
  private final Admission admission;

  OpenTables(RunNames names, Admission admission) {
    this.admission = admission;
    this.staging = names.staging();
    this.runId = names.runId();
    this.names = names;
    this.perspective = names.perspective();
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

    /** Tables stay in the folder that they were given, whatever else is asked for. */
    Change inPlace() {
      return new Change(
          table,
          requirements,
          updates.stream().filter(u -> !(u instanceof MetadataUpdate.SetLocation)).toList());
    }
  }

  /** What is to be staged: what a table becomes. */
  private record Next(
      TableName table, RunNames.Seen seen, TableMetadata metadata, Optional<String> file) {}

  /** The names that are tables, in their order. */
  public SortedSet<TableName> names() {
    return staging
        .jdbi()
        .withHandle(
            h -> {
              SortedSet<TableName> all = new TreeSet<>();
              names.published(h).stream()
                  .filter(row -> isSeen(row.location()))
                  .forEach(row -> all.add(row.table()));
              for (CatalogRows.StagedRow row : staging.catalog().staged(h, runId)) {
                if (row.location().isPresent()) {
                  all.add(row.table());
                } else {
                  all.remove(row.table());
                }
              }
              return all;
            });
  }

  /** A table whose first publication was rolled back is none. */
  private boolean isSeen(String location) {
    return staging.snapshots().metadata(location).currentSnapshot() != null;
  }

  /** A table, without changes to it, as it is now; empty if the name is none. */
  public Optional<TableMetadata> find(TableName table) {
    return names.table(names.see(table));
  }

  /** A new table, which is not staged: whoever wants it says so by a change that creates it. */
  public TableMetadata draft(
      TableName name,
      Schema schema,
      PartitionSpec spec,
      SortOrder order,
      Map<String, String> properties) {
    ForeignRules.check(name);
    requireFree(name, names.see(name));
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

  private void requireFree(TableName name, RunNames.Seen seen) {
    if (seen.view().isPresent()) {
      throw new AlreadyExistsException("View with same name already exists: %s", name);
    }
    if (names.table(seen).isPresent()) {
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
      } catch (RunNames.Overtaken e) {
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
        .map(f -> names.table(staging.snapshots().metadata(f), f))
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
                if (next.file().isPresent()) {
                  names.stage(
                      h, next.seen(), next.seen().row(next.table(), next.file(), Optional.empty()));
                }
              }
            });
  }

  private Next first(Change change, TableMetadata draft, Drafts drafts) {
    RunNames.Seen seen = names.see(change.table());
    requireFree(change.table(), seen);
    return prepared(change.table(), seen, Optional.empty(), draft, drafts);
  }

  private Next next(Change change, Drafts drafts) {
    TableName name = change.table();
    RunNames.Seen seen = names.see(name);
    Optional<TableMetadata> now = names.table(seen);
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
        TimeOrder.change(now.get(), m -> applied(change.inPlace(), TableMetadata.buildFrom(m)));
    if (!changed.uuid().equals(now.get().uuid())) {
      throw ForeignRules.refused(
          name, "is to have UUID %s, but a table keeps its own".formatted(changed.uuid()));
    }
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

  private Next created(
      Change change, RunNames.Seen seen, Optional<TableMetadata> now, Drafts drafts) {
    TableName name = change.table();
    Optional<String> uuid =
        change.updates().stream()
            .filter(MetadataUpdate.AssignUUID.class::isInstance)
            .map(u -> ((MetadataUpdate.AssignUUID) u).uuid())
            .findFirst();
    if (now.isPresent() && uuid.equals(Optional.of(now.get().uuid()))) {
      return new Next(name, seen, now.get(), Optional.empty());
    }
    if (now.isPresent()) {
      throw new CommitFailedException("Requirement failed: table already exists: %s", name);
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
    try {
      change.updates().forEach(u -> u.applyTo(builder));
      return builder.build();
    } catch (NullPointerException | IndexOutOfBoundsException | ClassCastException e) {
      throw ForeignRules.refused( // Iceberg's library takes whole changes for granted
          change.table(),
          "cannot become what is asked for, which lacks something: " + e.getMessage());
    }
  }

  private Next prepared(
      TableName name,
      RunNames.Seen seen,
      Optional<TableMetadata> now,
      TableMetadata changed,
      Drafts drafts) {
    Optional<TableMetadata> stored = names.stored(seen);
    Optional<TableMetadata> published = seen.base().location().map(staging.snapshots()::metadata);
    ForeignRules.check(name, changed, published);
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
    names.drop(table, requireOwn(table, "drop"));
  }

  /** Gives a table that the run has created another name. */
  public void rename(TableName from, TableName to) {
    ForeignRules.check(to);
    RunNames.Seen seen = requireOwn(from, "rename");
    RunNames.Seen there = names.see(to);
    requireFree(to, there);
    names.rename(from, seen, there, h -> there.row(to, seen.file(), Optional.empty()));
  }

  /** Says that all is written: whoever of the run waits for that goes on. Again is fine. */
  public void done() {
    staging
        .jdbi()
        .useTransaction(
            h -> {
              staging.hold(h, runId);
              staging.catalog().written(h, runId);
            });
  }

  private RunNames.Seen requireOwn(TableName table, String verb) {
    RunNames.Seen seen = names.see(table);
    if (names.table(seen).isEmpty()) {
      throw new NoSuchTableException("Table does not exist: %s", table);
    }
    if (names.isPublished(seen)) {
      throw new UnsupportedOperationException(
          "A run cannot %s %s, which is published: it can change its rows and columns, or write it anew"
              .formatted(verb, table));
    }
    return seen;
  }
}
