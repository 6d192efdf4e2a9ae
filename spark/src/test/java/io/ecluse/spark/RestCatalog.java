package io.ecluse.spark;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.hadoop.HadoopCatalog;
import org.apache.iceberg.rest.CatalogHandlers;
import org.apache.iceberg.rest.RESTCatalogProperties.SnapshotMode;
import org.apache.iceberg.rest.RESTSerializers;
import org.apache.iceberg.rest.RESTUtil;
import org.apache.iceberg.rest.requests.CreateTableRequest;
import org.apache.iceberg.rest.requests.UpdateTableRequest;
import org.apache.iceberg.rest.responses.ConfigResponse;
import org.apache.iceberg.rest.responses.ErrorResponse;
import org.apache.iceberg.shaded.com.fasterxml.jackson.annotation.JsonAutoDetect;
import org.apache.iceberg.shaded.com.fasterxml.jackson.annotation.PropertyAccessor;
import org.apache.iceberg.shaded.com.fasterxml.jackson.databind.DeserializationFeature;
import org.apache.iceberg.shaded.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.iceberg.shaded.com.fasterxml.jackson.databind.PropertyNamingStrategies;

/**
 * An Iceberg REST catalog of Iceberg's own handlers, one catalog of files for each run: {@code
 * /iceberg/runs/RUN}.
 */
final class RestCatalog implements AutoCloseable {
  static final String TOKEN = "a-token-of-the-run";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final Path folder;
  private final ObjectMapper json = new ObjectMapper();
  private final Map<String, HadoopCatalog> runs = new ConcurrentHashMap<>();
  private final Set<String> overtaken = ConcurrentHashMap.newKeySet();
  private final Set<String> forgotten = ConcurrentHashMap.newKeySet();
  private final AtomicInteger commits = new AtomicInteger();

  RestCatalog(Path folder) throws IOException {
    this.folder = folder;
    json.setVisibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY);
    json.configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);
    json.setPropertyNamingStrategy(new PropertyNamingStrategies.KebabCaseStrategy());
    RESTSerializers.registerAll(json);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/iceberg/runs/", this::answer);
    server.start();
  }

  String of(String run) {
    return "http://127.0.0.1:%d/iceberg/runs/%s".formatted(server.getAddress().getPort(), run);
  }

  /** How many commits have been taken. */
  int commits() {
    return commits.get();
  }

  /** From now on, nobody writes into this run any more. */
  void overtake(String run) {
    overtaken.add(run);
  }

  /** From now on, no token is good for this run. */
  void forget(String run) {
    forgotten.add(run);
  }

  /** Makes a table, as the platform does before it asks for it to be filled. */
  Table create(String run, String name, Schema schema) {
    return create(run, name, schema, PartitionSpec.unpartitioned(), SortOrder.unsorted());
  }

  Table create(String run, String name, Schema schema, PartitionSpec partitions, SortOrder order) {
    TableIdentifier table = TableIdentifier.parse(name);
    HadoopCatalog catalog = run(run);
    if (!catalog.namespaceExists(table.namespace())) {
      catalog.createNamespace(table.namespace());
    }
    return catalog
        .buildTable(table, schema)
        .withPartitionSpec(partitions)
        .withSortOrder(order)
        .withProperty("format-version", "2")
        .create();
  }

  Table table(String run, String name) {
    return run(run).loadTable(TableIdentifier.parse(name));
  }

  private HadoopCatalog run(String run) {
    return runs.computeIfAbsent(
        run,
        r -> {
          Configuration configuration = new Configuration();
          configuration.set("fs.file.impl", PlainFileSystem.class.getName());
          return new HadoopCatalog(configuration, folder.resolve(r).toUri().toString());
        });
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String[] path = exchange.getRequestURI().getRawPath().split("/");
      if (forgotten.contains(path[3])
          || !("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        send(exchange, 401, error(401, "NotAuthorizedException", "This token is none of ours"));
        return;
      }
      try {
        Object answer = answer(exchange, path[3], List.of(path).subList(5, path.length));
        if (answer.equals("")) {
          exchange.sendResponseHeaders(204, -1);
        } else {
          send(exchange, 200, answer);
        }
      } catch (NoSuchTableException | NoSuchNamespaceException | IllegalArgumentException e) {
        send(exchange, 404, error(404, "NoSuchTableException", e.getMessage()));
      } catch (CommitFailedException e) {
        send(exchange, 409, error(409, "CommitFailedException", e.getMessage()));
      } catch (SecurityException e) {
        send(exchange, 403, error(403, "ForbiddenException", e.getMessage()));
      } catch (RuntimeException e) {
        send(exchange, 500, error(500, e.getClass().getSimpleName(), String.valueOf(e)));
      }
    }
  }

  /** What is asked of a run: config; namespaces; namespaces/N; …/tables; …/tables/T. */
  private Object answer(HttpExchange exchange, String run, List<String> path) {
    HadoopCatalog catalog = run(run);
    String method = exchange.getRequestMethod();
    if (path.get(0).equals("config")) {
      return ConfigResponse.builder().build();
    } else if (path.size() == 1) {
      return CatalogHandlers.listNamespaces(catalog, Namespace.empty());
    }
    Namespace namespace = RESTUtil.namespaceFromQueryParam(path.get(1));
    if (path.size() == 2) {
      return CatalogHandlers.loadNamespace(catalog, namespace);
    } else if (path.size() == 3) {
      if (method.equals("GET")) {
        return CatalogHandlers.listTables(catalog, namespace);
      }
      CreateTableRequest request = read(exchange, CreateTableRequest.class);
      return request.stageCreate()
          ? CatalogHandlers.stageTableCreate(catalog, namespace, request)
          : CatalogHandlers.createTable(catalog, namespace, request);
    }
    TableIdentifier table = TableIdentifier.of(namespace, RESTUtil.decodeString(path.get(3)));
    return switch (method) {
      case "GET" -> CatalogHandlers.loadTable(catalog, table, SnapshotMode.ALL);
      case "HEAD" -> exists(catalog, table);
      case "POST" -> commit(run, table, exchange);
      case "DELETE" -> drop(catalog, table);
      default -> throw new IllegalArgumentException(method);
    };
  }

  private static Object exists(HadoopCatalog catalog, TableIdentifier table) {
    CatalogHandlers.tableExists(catalog, table);
    return "";
  }

  private static Object drop(HadoopCatalog catalog, TableIdentifier table) {
    CatalogHandlers.dropTable(catalog, table);
    return "";
  }

  private Object commit(String run, TableIdentifier table, HttpExchange exchange) {
    if (overtaken.contains(run)) {
      throw new SecurityException("Another attempt has taken this one's place");
    }
    UpdateTableRequest request = read(exchange, UpdateTableRequest.class);
    Object answer = CatalogHandlers.updateTable(run(run), table, request);
    commits.incrementAndGet();
    return answer;
  }

  private <T> T read(HttpExchange exchange, Class<T> type) {
    try {
      return json.readValue(exchange.getRequestBody(), type);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ErrorResponse error(int code, String type, String message) {
    return ErrorResponse.builder().responseCode(code).withType(type).withMessage(message).build();
  }

  private void send(HttpExchange exchange, int status, Object answer) throws IOException {
    byte[] body = json.writeValueAsBytes(answer);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() throws IOException {
    server.stop(0);
    threads.shutdownNow();
    for (HadoopCatalog catalog : runs.values()) {
      catalog.close();
    }
  }
}
