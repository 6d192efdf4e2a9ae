package io.ecluse.warehouse;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.schema.TableName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
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
import org.apache.iceberg.view.ViewRepresentation;

/**
 * Views as engines of others see and change them, in Iceberg's words: what a run has staged over
 * what is published. A view is read here by its SQL for DuckDB; if it has none, by what is
 * understood of that for others. Safe for use by several threads.
 */
public final class OpenViews {
  /** Dialects whose SQL is understood here, the better first. */
  private static final List<String> DIALECTS = List.of("duckdb", "spark");

  private static final int TRIES = 5;

  private final Staging staging;
  private final String runId;
  private final RunNames names;

  OpenViews(RunNames names) {
    this.names = names;
    this.staging = names.staging();
    this.runId = names.runId();
  }

  /** Which tables and views a query reads. */
  public interface Reading extends Function<String, Collection<TableName>> {}

  /** The names that are views, in their order. */
  public SortedSet<TableName> names() {
    return staging
        .jdbi()
        .withHandle(
            h -> {
              SortedSet<TableName> all = new TreeSet<>();
              all.addAll(names.publishedViews(h));
              for (CatalogRows.StagedRow row : staging.catalog().staged(h, runId)) {
                if (row.view().isPresent()) {
                  all.add(row.table());
                } else {
                  all.remove(row.table());
                }
              }
              return all;
            });
  }

  /** A view as it is now, without changes to it; empty if the name is none. */
  public Optional<ViewMetadata> find(TableName view) {
    return metadata(names.see(view));
  }

  private Optional<ViewMetadata> metadata(RunNames.Seen seen) {
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
                                .map(OpenViews::written)
                                .orElseGet(
                                    () -> made(staging.views().find(h, List.of(id)).get(0)))));
  }

  /** Each state of a view has a name of its own, as a file would have. */
  private static ViewMetadata written(String json) {
    String location =
        "%s/metadata/%s.metadata.json"
            .formatted(
                ViewMetadataParser.fromJson(json).location(),
                UUID.nameUUIDFromBytes(json.getBytes(StandardCharsets.UTF_8)));
    return ViewMetadataParser.fromJson(location, json);
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
    ViewMetadata made =
        ViewMetadata.builder()
            .assignUUID(uuid.toString())
            .setLocation(folder(view.table()))
            .setCurrentVersion(version.build(), schema)
            .build();
    return written(ViewMetadataParser.toJson(made));
  }

  /**
   * Stages a new view.
   *
   * @param draft makes it, in the folder that it is given
   */
  public ViewMetadata create(
      TableName name, Function<ViewMetadata.Builder, ViewMetadata> draft, Reading reading) {
    ForeignRules.check(name);
    RunNames.Seen seen = names.see(name);
    if (names.stored(seen).isPresent()) {
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
      RunNames.Seen seen = names.see(name);
      ViewMetadata now =
          metadata(seen)
              .orElseThrow(() -> new NoSuchViewException("View does not exist: %s", name));
      requirements.forEach(r -> r.validate(now));
      ViewMetadata.Builder builder = ViewMetadata.buildFrom(now);
      updates.stream()
          .filter(u -> !(u instanceof MetadataUpdate.SetLocation)) // it stays where it is
          .forEach(u -> u.applyTo(builder));
      ViewMetadata changed = builder.build();
      if (changed.changes().isEmpty()) {
        return now;
      }
      if (stage(name, seen, changed, reading)) {
        return find(name).orElseThrow();
      }
    }
    throw new CommitFailedException(
        "Others have changed %s in run %s meanwhile; try again", name, runId);
  }

  private boolean stage(TableName name, RunNames.Seen seen, ViewMetadata view, Reading reading) {
    List<Column> columns = new ArrayList<>();
    ForeignRules.checkColumns(name, view.schema());
    IcebergTypes.columns(view.schema()).forEach(c -> columns.add(c.column()));
    ViewQuery query = query(name, view, reading);
    try {
      staging
          .jdbi()
          .useTransaction(
              h -> {
                staging.hold(h, runId);
                long id = staging.views().add(h, runId, name, columns, query);
                staging.views().keep(h, id, ViewMetadataParser.toJson(view));
                names.stage(h, seen, seen.row(name, Optional.empty(), Optional.of(id)));
              });
      return true;
    } catch (RunNames.Overtaken e) {
      return false;
    }
  }

  /** What it is read by here: the first SQL of it that is understood. */
  private static ViewQuery query(TableName name, ViewMetadata view, Reading reading) {
    List<SQLViewRepresentation> all = new ArrayList<>();
    for (ViewRepresentation each : view.currentVersion().representations()) {
      if (each instanceof SQLViewRepresentation sql) {
        all.add(sql);
      }
    }
    all.sort(Comparator.comparingInt(r -> rank(r.dialect())));
    Optional<EcluseException> first = Optional.empty();
    for (SQLViewRepresentation each : all) {
      try {
        return new ViewQuery(each.sql(), List.copyOf(reading.apply(each.sql())));
      } catch (EcluseException e) {
        if (e.code() != ErrorCode.SQL_INVALID) {
          throw e;
        }
        first = first.or(() -> Optional.of(e));
      }
    }
    throw ForeignRules.refused(
        name,
        "has no SQL that is understood here (%s); give it one for duckdb"
            .formatted(
                first.map(e -> String.valueOf(e.getMessage())).orElse("it has none at all")));
  }

  private static int rank(String dialect) {
    int at = DIALECTS.indexOf(dialect.toLowerCase(Locale.ROOT));
    return at < 0 ? DIALECTS.size() : at;
  }

  /** Takes back a view that the run has created. */
  public void drop(TableName name) {
    names.drop(name, requireOwn(name, "drop"));
  }

  /** Gives a view that the run has created another name. */
  public void rename(TableName from, TableName to) {
    ForeignRules.check(to);
    RunNames.Seen seen = requireOwn(from, "rename");
    RunNames.Seen there = names.see(to);
    if (names.stored(there).isPresent() || there.view().isPresent()) {
      throw new AlreadyExistsException(
          "Cannot rename %s to %s. %s already exists",
          from, to, names.stored(there).isPresent() ? "Table" : "View");
    }
    names.rename(
        from,
        seen,
        there,
        h ->
            there.row(
                to,
                Optional.empty(),
                Optional.of(staging.views().named(h, seen.view().orElseThrow(), to))));
  }

  private RunNames.Seen requireOwn(TableName name, String verb) {
    RunNames.Seen seen = names.see(name);
    if (seen.view().isEmpty()) {
      throw new NoSuchViewException("View does not exist: %s", name);
    }
    if (names.isPublished(seen)) {
      throw new UnsupportedOperationException(
          "A run cannot %s %s, which is published: it can replace it".formatted(verb, name));
    }
    return seen;
  }
}
