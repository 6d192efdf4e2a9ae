package io.ecluse.serve;

import io.ecluse.schema.TableName;
import io.ecluse.warehouse.OpenViews;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.apache.iceberg.exceptions.NoSuchViewException;
import org.apache.iceberg.rest.Endpoint;
import org.apache.iceberg.rest.requests.CreateViewRequest;
import org.apache.iceberg.rest.requests.UpdateTableRequest;
import org.apache.iceberg.rest.responses.ImmutableLoadViewResponse;
import org.apache.iceberg.view.ViewMetadata;

/** Views. */
final class ViewRoutes {
  private final OpenViews.Reading reading;

  /**
   * @param reading which tables a view's SQL reads
   */
  ViewRoutes(OpenViews.Reading reading) {
    this.reading = reading;
  }

  List<Route> all() {
    return List.of(
        Route.reads(Endpoint.V1_LIST_VIEWS, ViewRoutes::list),
        Route.reads(Endpoint.V1_LOAD_VIEW, ViewRoutes::load),
        Route.reads(Endpoint.V1_VIEW_EXISTS, ViewRoutes::exists),
        Route.writes(Endpoint.V1_CREATE_VIEW, this::create, ViewRoutes::created),
        Route.writes(Endpoint.V1_UPDATE_VIEW, this::update, ViewRoutes::updated),
        Route.writes(Endpoint.V1_DELETE_VIEW, ViewRoutes::drop),
        Route.writes(Endpoint.V1_RENAME_VIEW, ViewRoutes::rename));
  }

  private static Answer list(Visit visit) {
    String schema = NamespaceRoutes.require(visit);
    return TableRoutes.names(visit, schema, visit.seen(visit.catalog().views().names()));
  }

  private static Answer load(Visit visit) {
    TableName name = visit.name("view");
    ViewMetadata view = find(visit, name);
    visit.requireRead(name);
    return loaded(view);
  }

  private static ViewMetadata find(Visit visit, TableName name) {
    Optional<ViewMetadata> found =
        visit.isHidden(name) ? Optional.empty() : visit.catalog().views().find(name);
    return found.orElseThrow(() -> new NoSuchViewException("View does not exist: %s", name));
  }

  private static Answer loaded(ViewMetadata view) {
    return Wire.ok(
        ImmutableLoadViewResponse.builder()
            .metadata(view)
            .metadataLocation(Objects.requireNonNull(view.metadataFileLocation()))
            .build());
  }

  private static Answer exists(Visit visit) {
    find(visit, visit.name("view"));
    return Answer.empty(204);
  }

  private Answer create(Visit visit) {
    CreateViewRequest request = Wire.read(visit.ask(), CreateViewRequest.class);
    TableName name = new TableName(visit.schema(), request.name()).lower();
    visit.requireWrite(name);
    return loaded(
        visit
            .catalog()
            .views()
            .create(
                name,
                builder ->
                    builder
                        .assignUUID(UUID.randomUUID().toString())
                        .setProperties(request.properties())
                        .setCurrentVersion(request.viewVersion(), request.schema())
                        .build(),
                reading));
  }

  private Answer update(Visit visit) {
    UpdateTableRequest request = Wire.read(visit.ask(), UpdateTableRequest.class);
    TableName name = visit.name("view");
    visit.requireWrite(name);
    return loaded(
        visit.catalog().views().commit(name, request.requirements(), request.updates(), reading));
  }

  private static Answer created(Visit visit) {
    CreateViewRequest request = Wire.read(visit.ask(), CreateViewRequest.class);
    return now(visit, new TableName(visit.schema(), request.name()).lower());
  }

  private static Answer updated(Visit visit) {
    return now(visit, visit.name("view"));
  }

  private static Answer now(Visit visit, TableName name) {
    visit.requireWrite(name);
    return loaded(find(visit, name));
  }

  private static Answer drop(Visit visit) {
    TableName name = visit.name("view");
    visit.requireWrite(name);
    visit.catalog().views().drop(name);
    return Answer.empty(204);
  }

  private static Answer rename(Visit visit) {
    Renaming renaming = Renaming.of(visit, ViewRoutes::find);
    visit.catalog().views().rename(renaming.from(), renaming.to());
    return Answer.empty(204);
  }
}
