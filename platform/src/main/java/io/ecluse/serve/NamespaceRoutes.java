package io.ecluse.serve;

import io.ecluse.schema.TableName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NamespaceNotEmptyException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.rest.Endpoint;
import org.apache.iceberg.rest.RESTUtil;
import org.apache.iceberg.rest.requests.CreateNamespaceRequest;
import org.apache.iceberg.rest.requests.UpdateNamespacePropertiesRequest;
import org.apache.iceberg.rest.responses.CreateNamespaceResponse;
import org.apache.iceberg.rest.responses.GetNamespaceResponse;
import org.apache.iceberg.rest.responses.ListNamespacesResponse;
import org.apache.iceberg.rest.responses.UpdateNamespacePropertiesResponse;

/** Schemas. One is there if it has a table or view that the caller may see, or the run made it. */
final class NamespaceRoutes {
  private static final String SEPARATOR = "\u001f";

  private NamespaceRoutes() {}

  static List<Route> all() {
    return List.of(
        Route.reads(Endpoint.V1_LIST_NAMESPACES, NamespaceRoutes::list),
        Route.reads(Endpoint.V1_LOAD_NAMESPACE, NamespaceRoutes::load),
        Route.reads(Endpoint.V1_NAMESPACE_EXISTS, NamespaceRoutes::exists),
        Route.writes(Endpoint.V1_CREATE_NAMESPACE, NamespaceRoutes::create, NamespaceRoutes::made),
        Route.writes(
            Endpoint.V1_UPDATE_NAMESPACE, NamespaceRoutes::update, NamespaceRoutes::update),
        Route.writes(Endpoint.V1_DELETE_NAMESPACE, NamespaceRoutes::drop));
  }

  private static SortedSet<String> schemas(Visit visit) {
    SortedSet<String> schemas = new TreeSet<>();
    visit.seen(visit.catalog().tables().names()).forEach(t -> schemas.add(t.schema()));
    visit.seen(visit.catalog().views().names()).forEach(v -> schemas.add(v.schema()));
    schemas.addAll(visit.catalog().namespaces().made().keySet());
    return schemas;
  }

  /** The schema that the address names, if it is there. */
  static String require(Visit visit) {
    return require(visit, visit.schema());
  }

  static String require(Visit visit, String schema) {
    if (!schemas(visit).contains(schema)) {
      throw new NoSuchNamespaceException("Namespace does not exist: %s", schema);
    }
    return schema;
  }

  private static Answer list(Visit visit) {
    if (visit.ask().parameter("parent").isPresent()) {
      Namespace parent =
          RESTUtil.namespaceFromQueryParam(visit.ask().parameter("parent").get(), SEPARATOR);
      if (!schemas(visit).contains(Visit.schema(parent))) {
        throw new NoSuchNamespaceException("Namespace does not exist: %s", parent);
      }
      return Wire.ok(ListNamespacesResponse.builder().build());
    }
    Visit.Page<Namespace> page = visit.page(schemas(visit).stream().map(Namespace::of).toList());
    ListNamespacesResponse.Builder response = ListNamespacesResponse.builder().addAll(page.lines());
    page.next().ifPresent(response::nextPageToken);
    return Wire.ok(response.build());
  }

  private static Answer load(Visit visit) {
    String schema = require(visit);
    return Wire.ok(
        GetNamespaceResponse.builder()
            .withNamespace(Namespace.of(schema))
            .setProperties(new HashMap<>(properties(visit, schema)))
            .build());
  }

  private static Map<String, String> properties(Visit visit, String schema) {
    return visit.catalog().namespaces().made().getOrDefault(schema, Map.of());
  }

  private static Answer exists(Visit visit) {
    require(visit);
    return Answer.empty(204);
  }

  private static Answer create(Visit visit) {
    visit.requireWrite();
    CreateNamespaceRequest request = Wire.read(visit.ask(), CreateNamespaceRequest.class);
    if (request.namespace().length() > 1) {
      throw new UnsupportedOperationException(
          "A schema here has no schemas in it, so %s cannot be made"
              .formatted(request.namespace()));
    }
    String schema = Visit.schema(request.namespace());
    if (schemas(visit).contains(schema)) {
      throw new AlreadyExistsException("Namespace already exists: %s", schema);
    }
    visit.catalog().namespaces().make(schema, request.properties());
    return made(visit);
  }

  private static Answer made(Visit visit) {
    CreateNamespaceRequest request = Wire.read(visit.ask(), CreateNamespaceRequest.class);
    return Wire.ok(
        CreateNamespaceResponse.builder()
            .withNamespace(Namespace.of(Visit.schema(request.namespace())))
            .setProperties(new HashMap<>(request.properties()))
            .build());
  }

  private static Answer update(Visit visit) {
    visit.requireWrite();
    String schema = require(visit);
    UpdateNamespacePropertiesRequest request =
        Wire.read(visit.ask(), UpdateNamespacePropertiesRequest.class);
    Map<String, String> now = new HashMap<>(properties(visit, schema));
    UpdateNamespacePropertiesResponse.Builder response =
        UpdateNamespacePropertiesResponse.builder();
    for (String key : request.removals()) {
      if (now.remove(key) == null) {
        response.addMissing(key);
      } else {
        response.addRemoved(key);
      }
    }
    now.putAll(request.updates());
    visit.catalog().namespaces().describe(schema, now);
    return Wire.ok(response.addUpdated(request.updates().keySet()).build());
  }

  private static Answer drop(Visit visit) {
    visit.requireWrite();
    String schema = require(visit);
    boolean empty =
        visit.catalog().tables().names().stream().map(TableName::schema).noneMatch(schema::equals)
            && visit.catalog().views().names().stream()
                .map(TableName::schema)
                .noneMatch(schema::equals);
    if (!empty) {
      throw new NamespaceNotEmptyException("Namespace %s is not empty", schema);
    }
    visit.catalog().namespaces().drop(schema);
    return Answer.empty(204);
  }
}
