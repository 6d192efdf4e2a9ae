package io.ecluse.warehouse;

import io.ecluse.schema.Column;
import io.ecluse.schema.TableName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import org.apache.iceberg.MetadataUpdate;
import org.apache.iceberg.Schema;
import org.apache.iceberg.UpdateRequirement;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NoSuchViewException;
import org.apache.iceberg.view.ImmutableSQLViewRepresentation;
import org.apache.iceberg.view.ImmutableViewVersion;
import org.apache.iceberg.view.SQLViewRepresentation;
import org.apache.iceberg.view.ViewMetadata;
import org.apache.iceberg.view.ViewMetadataParser;
import org.jdbi.v3.core.Handle;

/**
 * Views as engines of others see and change them, in Iceberg's words: what a run has staged over
 * what is published. A view is read here by its SQL for DuckDB, or for Spark, if it has none for
 * DuckDB. Safe for use by several threads.
 */
public final class OpenViews {
  /** Dialects of whom a view's SQL is read here, the better first. */
  private static final List<String> DIALECTS = List.of("duckdb", "spark");

  private static final int TRIES = 5;

  private final Staging staging;
  private final String runId;

  OpenViews(Staging staging, String runId) {
    this.staging = staging;
    this.runId = runId;
  }

  /** Which tables and views a query reads. */
  public interface Reading extends Function<String, Collection<TableName>> {}

  private record Seen(
      Optional<CatalogRows.StagedRow> staged, CatalogRows.Base base, boolean isTable) {
    Optional<Long> view() {
      return staged.isPresent() ? staged.get().view() : base.view();
    }
  }

  /** Somebody else has staged meanwhile. */
  private static final class Overtaken extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** The names that are views, in their order. */
  public SortedSet<TableName> names() {
    return staging
        .jdbi()
        .withHandle(
            h -> {
              SortedSet<TableName> names = new TreeSet<>();
              staging.views().published(h).forEach(v -> names.add(v.table()));
              for (CatalogRows.StagedRow row : staging.catalog().staged(h, runId)) {
                if (row.view().isPresent()) {
                  names.add(row.table());
                } else {
                  names.remove(row.table());
                }
              }
              return names;
            });
  }

  /** A view as it is now, without changes to it; empty if the name is none. */
  public Optional<ViewMetadata> find(TableName view) {
    return metadata(see(view));
  }

  private Seen see(TableName name) {
    return staging
        .jdbi()
        .withHandle(
            h -> {
              Optional<CatalogRows.StagedRow> staged =
                  staging.catalog().staged(h, runId).stream()
                      .filter(r -> r.table().equals(name))
                      .findFirst();
              boolean published =
                  Optional.ofNullable(staging.catalog().published(h, List.of(name)).get(name))
                      .map(staging.snapshots()::metadata)
                      .filter(m -> m.currentSnapshot() != null)
                      .isPresent();
              return new Seen(
                  staged,
                  staging.base(h, name),
                  staged.isPresent() ? staged.get().location().isPresent() : published);
            });
  }

  private Optional<ViewMetadata> metadata(Seen seen) {
    return seen.view()
        .map(
            id ->
                staging
                    .jdbi()
                    .withHandle(
                        h ->
                            staging
                                .views()
                                .metadata(h, id)
                                .map(json -> ViewMetadataParser.fromJson(location(h, id), json))
                                .orElseGet(
                                    () -> made(staging.views().find(h, List.of(id)).get(0)))));
  }

  /** Each state of a view has a name of its own, as a file would have. */
  private String location(Handle handle, long id) {
    TableName name = staging.views().find(handle, List.of(id)).get(0).table();
    return folder(name) + "/metadata/" + id + ".metadata.json";
  }

  private String folder(TableName name) {
    return "%s/%s/%s".formatted(staging.root().files().io().root(), name.schema(), name.name());
  }

  /** Of what a model has made; its SQL is written such that both engines read it. */
  private ViewMetadata made(TableSnapshot view) {
    Schema schema = IcebergTypes.schema(view.columns().stream().map(TableColumn::column).toList());
    ImmutableViewVersion.Builder version =
        ImmutableViewVersion.builder()
            .versionId(1)
            .timestampMillis(view.at().toEpochMilli())
            .schemaId(0)
            .defaultNamespace(Namespace.of(view.table().schema()))
            .putSummary("operation", "create");
    String sql = view.view().orElseThrow().sql();
    DIALECTS.forEach(
        d ->
            version.addRepresentations(
                ImmutableSQLViewRepresentation.builder().sql(sql).dialect(d).build()));
    UUID uuid =
        UUID.nameUUIDFromBytes(
            (staging.root().files().io().root() + view.table()).getBytes(StandardCharsets.UTF_8));
    return ViewMetadata.builder()
        .assignUUID(uuid.toString())
        .setLocation(folder(view.table()))
        .setCurrentVersion(version.build(), schema)
        .setMetadataLocation(folder(view.table()) + "/metadata/" + view.id() + ".metadata.json")
        .build();
  }

  /**
   * Stages a new view.
   *
   * @param draft makes it, in the folder that it is given
   */
  public ViewMetadata create(
      TableName name, Function<ViewMetadata.Builder, ViewMetadata> draft, Reading reading) {
    ForeignRules.check(name);
    Seen seen = see(name);
    if (seen.isTable()) {
      throw new AlreadyExistsException("Table with same name already exists: %s", name);
    }
    if (seen.view().isPresent()) {
      throw new AlreadyExistsException("View already exists: %s", name);
    }
    ViewMetadata made = draft.apply(ViewMetadata.builder().setLocation(folder(name)));
    if (!stage(name, seen, made, reading)) {
      throw new AlreadyExistsException("View already exists: %s", name);
    }
    return find(name).orElseThrow();
  }

  /** Stages changes to a view, and returns what it is then. */
  public ViewMetadata commit(
      TableName name,
      List<UpdateRequirement> requirements,
      List<MetadataUpdate> updates,
      Reading reading) {
    for (int tries = 0; tries < TRIES; tries++) {
      Seen seen = see(name);
      ViewMetadata now =
          metadata(seen)
              .orElseThrow(() -> new NoSuchViewException("View does not exist: %s", name));
      requirements.forEach(r -> r.validate(now));
      ViewMetadata.Builder builder = ViewMetadata.buildFrom(now);
      updates.forEach(u -> u.applyTo(builder));
      ViewMetadata changed = builder.build();
      if (changed.changes().isEmpty()) {
        return now;
      }
      if (!changed.location().equals(now.location())) {
        throw ForeignRules.refused(
            name, "is to move to %s, but views stay where they are".formatted(changed.location()));
      }
      if (stage(name, seen, changed, reading)) {
        return find(name).orElseThrow();
      }
    }
    throw new CommitFailedException(
        "Others have changed %s in run %s meanwhile; try again", name, runId);
  }

  private boolean stage(TableName name, Seen seen, ViewMetadata view, Reading reading) {
    List<Column> columns = new ArrayList<>();
    ForeignRules.checkColumns(name, view.schema());
    IcebergTypes.columns(view.schema()).forEach(c -> columns.add(c.column()));
    String sql = sql(name, view);
    ViewQuery query = new ViewQuery(sql, List.copyOf(reading.apply(sql)));
    try {
      staging
          .jdbi()
          .useTransaction(
              h -> {
                staging.hold(h, runId);
                long id = staging.views().add(h, runId, name, columns, query);
                staging.views().keep(h, id, ViewMetadataParser.toJson(view));
                boolean same =
                    staging
                        .catalog()
                        .restage(
                            h,
                            runId,
                            seen.staged(),
                            new CatalogRows.StagedRow(
                                name,
                                seen.staged().map(CatalogRows.StagedRow::base).orElse(seen.base()),
                                Optional.empty(),
                                Optional.of(id)));
                if (!same) {
                  throw new Overtaken();
                }
              });
      return true;
    } catch (Overtaken e) {
      return false;
    }
  }

  private static String sql(TableName name, ViewMetadata view) {
    Map<String, String> byDialect = new HashMap<>();
    view.currentVersion()
        .representations()
        .forEach(
            r -> {
              if (r instanceof SQLViewRepresentation sql) {
                byDialect.put(sql.dialect().toLowerCase(java.util.Locale.ROOT), sql.sql());
              }
            });
    return DIALECTS.stream()
        .filter(byDialect::containsKey)
        .map(byDialect::get)
        .findFirst()
        .orElseThrow(
            () ->
                ForeignRules.refused(
                    name,
                    "has SQL for %s only; give it one for duckdb or spark, by which it is read here"
                        .formatted(byDialect.keySet())));
  }

  /** Takes back a view that the run has created. */
  public void drop(TableName name) {
    CatalogRows.StagedRow row = requireOwn(name, "drop");
    staging
        .jdbi()
        .useTransaction(
            h -> {
              staging.hold(h, runId);
              if (!staging.catalog().unstage(h, runId, row)) {
                throw new CommitFailedException("%s was changed meanwhile; try again", name);
              }
            });
  }

  private CatalogRows.StagedRow requireOwn(TableName name, String verb) {
    Seen seen = see(name);
    if (seen.view().isEmpty()) {
      throw new NoSuchViewException("View does not exist: %s", name);
    }
    if (seen.staged().isEmpty() || seen.base().view().isPresent()) {
      throw new UnsupportedOperationException(
          "A run cannot %s %s, which is published: it can replace it".formatted(verb, name));
    }
    return seen.staged().get();
  }
}
