package io.ecluse.spark;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The part of Kubernetes' API that Spark and the platform use, over objects in memory: made, read,
 * listed and watched by labels, patched, bound, deleted with what they own. Pods that have a node
 * go when that says so, as with the real one. Who may do what is told by tokens: a stranger
 * nothing, and an old token is nobody's.
 */
final class KubeServer implements ApiServer {
  private static final String NAMESPACE = "school";
  private static final Pattern OBJECT =
      Pattern.compile(
          "/api/v1/namespaces/" + NAMESPACE + "/([a-z]+)(?:/([a-z0-9.-]+)(?:/([a-z]+))?)?");
  private static final Map<String, String> KINDS =
      Map.of(
          "pods",
          "Pod",
          "secrets",
          "Secret",
          "configmaps",
          "ConfigMap",
          "services",
          "Service",
          "persistentvolumeclaims",
          "PersistentVolumeClaim");

  private final Path folder;
  private final Map<String, ObjectNode> objects = new LinkedHashMap<>();
  private final HttpServer http;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private long version = 1;

  KubeServer(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    for (String who : List.of("kubelet", "platform", "stranger")) {
      Files.writeString(folder.resolve(who + ".token"), who + "-token\n");
    }
    Files.writeString(folder.resolve("driver.token"), "driver-token"); // as it is mounted
    this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    http.setExecutor(threads);
    http.createContext("/", this::handle);
    http.start();
  }

  @Override
  public String url() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  @Override
  public String namespace() {
    return NAMESPACE;
  }

  @Override
  public Path token(String who) {
    return folder.resolve(who + ".token");
  }

  @Override
  public Optional<Path> ca() {
    return Optional.empty(); // it is spoken to without TLS
  }

  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final String reason;

    Refusal(int status, String reason, String message) {
      super(message);
      this.status = status;
      this.reason = reason;
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      try {
        answer(exchange);
      } catch (Refusal e) {
        ObjectNode status = JsonMapper.shared().createObjectNode();
        status.put("kind", "Status").put("apiVersion", "v1").put("status", "Failure");
        status.put("message", e.getMessage()).put("reason", e.reason).put("code", e.status);
        send(exchange, e.status, status);
      }
    }
  }

  private static void send(HttpExchange exchange, int status, JsonNode body) throws IOException {
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Map<String, String> query = query(exchange);
    Matcher path = OBJECT.matcher(exchange.getRequestURI().getPath());
    String kind = path.matches() ? path.group(1) : "";
    permit(exchange, kind);
    if ("websocket"
        .equalsIgnoreCase(
            exchange.getRequestHeaders().getFirst("Upgrade"))) { // watches are asked for both ways
      throw new Refusal(503, "ServiceUnavailable", "there are no web sockets here");
    }
    if (!path.matches() || !KINDS.containsKey(kind)) {
      throw new Refusal(404, "NotFound", "the server could not find the requested resource");
    }
    String name = path.group(2);
    if (name == null && method.equals("GET") && "true".equals(query.get("watch"))) {
      watch(exchange, kind, query);
    } else if (name == null) {
      send(exchange, method.equals("POST") ? 201 : 200, collection(method, kind, query, body));
    } else if ("log".equals(path.group(3))) {
      exchange.sendResponseHeaders(200, -1);
    } else {
      send(exchange, 200, object(method, kind, name, String.valueOf(path.group(3)), query, body));
    }
  }

  private static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> query = new LinkedHashMap<>();
    String raw = exchange.getRequestURI().getRawQuery();
    for (String pair : raw == null ? new String[0] : raw.split("&")) {
      String[] words = pair.split("=", 2);
      query.put(
          words[0], words.length < 2 ? "" : URLDecoder.decode(words[1], StandardCharsets.UTF_8));
    }
    return query;
  }

  private static void permit(HttpExchange exchange, String kind) {
    String who = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    if (who.equals("Bearer stranger-token")) {
      throw new Refusal(
          403,
          "Forbidden",
          "%s is forbidden: User \"stranger\" cannot do this to resource \"%s\" in the namespace"
              .formatted(kind, kind));
    } else if (!who.matches("Bearer (kubelet|platform|driver)-token")) {
      throw new Refusal(401, "Unauthorized", "Unauthorized");
    }
  }

  private static boolean isOf(JsonNode object, Map<String, String> query) {
    JsonNode labels = object.path("metadata").path("labels");
    boolean labelled =
        Arrays.stream(query.getOrDefault("labelSelector", "").split(","))
            .filter(s -> !s.isEmpty())
            .allMatch(
                s -> {
                  String[] words = s.split("=", 2);
                  return words.length < 2
                      ? labels.has(words[0])
                      : labels.path(words[0]).asString("").equals(words[1]);
                });
    Matcher name =
        Pattern.compile("metadata\\.name=(.+)").matcher(query.getOrDefault("fieldSelector", ""));
    return labelled
        && (!name.matches()
            || name.group(1).equals(object.path("metadata").path("name").asString("")));
  }

  private synchronized List<ObjectNode> all(String kind, Map<String, String> query) {
    return objects.entrySet().stream()
        .filter(e -> e.getKey().startsWith(kind + "/"))
        .map(Map.Entry::getValue)
        .filter(o -> isOf(o, query))
        .map(ObjectNode::deepCopy)
        .toList();
  }

  private synchronized JsonNode collection(
      String method, String kind, Map<String, String> query, String body) {
    if (method.equals("POST")) {
      ObjectNode object = (ObjectNode) JsonMapper.shared().readTree(body);
      String name = object.path("metadata").path("name").asString("");
      if (objects.containsKey(kind + "/" + name)) {
        throw new Refusal(409, "AlreadyExists", kind + " \"" + name + "\" already exists");
      }
      return made(kind, name, object);
    }
    ObjectNode list = JsonMapper.shared().createObjectNode();
    list.put("kind", KINDS.get(kind) + "List").put("apiVersion", "v1");
    list.putObject("metadata").put("resourceVersion", String.valueOf(version));
    ArrayNode items = list.putArray("items");
    List<ObjectNode> found = all(kind, query);
    found.forEach(items::add);
    if (method.equals("DELETE")) {
      found.forEach(o -> deleted(kind, o.path("metadata").path("name").asString(""), query));
    }
    return list;
  }

  private ObjectNode made(String kind, String name, ObjectNode object) {
    object.put("kind", KINDS.get(kind)).put("apiVersion", "v1");
    ObjectNode metadata = (ObjectNode) object.path("metadata");
    metadata.put("namespace", NAMESPACE).put("uid", UUID.randomUUID().toString());
    metadata.put("creationTimestamp", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    if (kind.equals("pods")) {
      object.putObject("status").put("phase", "Pending");
    }
    return kept(kind, name, object);
  }

  private ObjectNode kept(String kind, String name, ObjectNode object) {
    ((ObjectNode) object.path("metadata")).put("resourceVersion", String.valueOf(++version));
    objects.put(kind + "/" + name, object);
    notifyAll();
    return object;
  }

  private synchronized JsonNode object(
      String method,
      String kind,
      String name,
      String part,
      Map<String, String> query,
      String body) {
    ObjectNode there = objects.get(kind + "/" + name);
    if (there == null && method.equals("PATCH")) { // applied for the first time
      return made(kind, name, (ObjectNode) JsonMapper.shared().readTree(body));
    }
    if (there == null) {
      throw new Refusal(404, "NotFound", "%s \"%s\" not found".formatted(kind, name));
    }
    switch (method) {
      case "GET" -> {
        return there;
      }
      case "DELETE" -> {
        deleted(kind, name, query);
        return there;
      }
      default -> {
        ObjectNode sent = (ObjectNode) JsonMapper.shared().readTree(body);
        if (part.equals("binding")) {
          ((ObjectNode) there.path("spec"))
              .put("nodeName", sent.path("target").path("name").asString(""));
          return kept(kind, name, there);
        }
        ObjectNode changed = there.deepCopy();
        merge(changed, sent);
        return kept(kind, name, changed);
      }
    }
  }

  private static void merge(ObjectNode into, ObjectNode from) {
    from.properties()
        .forEach(
            e -> {
              if (e.getValue() instanceof ObjectNode more
                  && into.path(e.getKey()) instanceof ObjectNode there) {
                merge(there, more);
              } else {
                into.set(e.getKey(), e.getValue());
              }
            });
  }

  /** A pod that has a node goes when that says so; what it owns goes with it. */
  private void deleted(String kind, String name, Map<String, String> query) {
    ObjectNode object = objects.get(kind + "/" + name);
    boolean runs = kind.equals("pods") && object.path("spec").has("nodeName");
    if (runs && !"0".equals(query.get("gracePeriodSeconds"))) {
      ((ObjectNode) object.path("metadata")).put("deletionTimestamp", Instant.now().toString());
      kept(kind, name, object);
      return;
    }
    objects.remove(kind + "/" + name);
    String uid = object.path("metadata").path("uid").asString("");
    List<String> owned = new ArrayList<>();
    objects.forEach(
        (key, o) -> {
          if (o.path("metadata").path("ownerReferences").toString().contains(uid)) {
            owned.add(key);
          }
        });
    for (String key : owned) {
      String[] words = key.split("/", 2);
      if (objects.containsKey(key)) {
        deleted(words[0], words[1], Map.of());
      }
    }
    version++;
    notifyAll();
  }

  private void watch(HttpExchange exchange, String kind, Map<String, String> query)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    Map<String, ObjectNode> known = new LinkedHashMap<>();
    long since = Long.parseLong(query.getOrDefault("resourceVersion", "0").replaceAll("^$", "0"));
    try {
      while (true) {
        Map<String, ObjectNode> now = new LinkedHashMap<>();
        all(kind, query).forEach(o -> now.put(o.path("metadata").path("name").asString(""), o));
        for (Map.Entry<String, ObjectNode> each : now.entrySet()) {
          JsonNode at = each.getValue().path("metadata").path("resourceVersion");
          ObjectNode before = known.get(each.getKey());
          if (before == null
              ? Long.parseLong(at.asString("0")) > since
              : !before.path("metadata").path("resourceVersion").equals(at)) {
            event(out, before == null ? "ADDED" : "MODIFIED", each.getValue());
          }
        }
        for (Map.Entry<String, ObjectNode> each : known.entrySet()) {
          if (!now.containsKey(each.getKey())) {
            event(out, "DELETED", each.getValue());
          }
        }
        known.clear();
        known.putAll(now);
        synchronized (this) {
          wait(200);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void event(OutputStream out, String type, ObjectNode object) throws IOException {
    ObjectNode event = JsonMapper.shared().createObjectNode().put("type", type);
    event.set("object", object);
    out.write((event + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
