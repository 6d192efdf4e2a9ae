package io.ecluse.source.http;

import io.ecluse.project.SourceCheck;
import io.ecluse.project.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Checks where the parameters of a stream of an HTTP API go: into the query by their names, or,
 * with the method POST, to a place in the body.
 */
record HttpCheck(SourceCheck file) {
  void run() {
    Value.Entries streams = file.content().entries("streams");
    streams.values().keySet().forEach(name -> checkStream(streams.entries(name)));
  }

  private void checkStream(Value.Entries stream) {
    boolean posts = stream.text("method", "GET").equals("POST");
    Map<String, Value.Text> places = new LinkedHashMap<>();
    Value.Entries paging = stream.entries("paging");
    String kind = paging.text("kind", "");
    paging
        .text("param")
        .or(() -> usual(kind, posts).map(usual -> new Value.Text(paging.at(), usual)))
        .ifPresent(p -> places.put("param", p));
    paging.text("size_param").ifPresent(p -> places.put("size_param", p));
    stream.text("since").ifPresent(s -> places.put("since", s));
    places.forEach(
        (key, place) -> {
          boolean pointer = place.text().startsWith("/");
          if (posts && !pointer) {
            file.error(
                place.at(),
                "With method POST, %s is a place in the body, not the name of a parameter"
                    .formatted(key),
                "write /" + place.text());
          } else if (!posts && pointer) {
            file.error(
                place.at(),
                "A JSON pointer as %s leads into a body, which only the method POST has"
                    .formatted(key),
                "say method: POST, or the name of a parameter");
          } else if (posts) {
            checkPlace(stream, key, place);
          }
          checkApart(places, key);
        });
  }

  /** Where {@link DeclaredApi} puts what is not said. */
  private static Optional<String> usual(String kind, boolean posts) {
    return List.of("page", "offset").contains(kind)
        ? Optional.of((posts ? "/" : "") + kind)
        : Optional.empty();
  }

  /** No place may be another's, or lie in it. */
  private void checkApart(Map<String, Value.Text> places, String key) {
    String place = Objects.requireNonNull(places.get(key)).text();
    for (Map.Entry<String, Value.Text> other : places.entrySet()) {
      String there = other.getValue().text();
      boolean same = place.equals(there) && !key.equals(other.getKey());
      if (place.startsWith(there + "/") || same && isBefore(places, other.getKey(), key)) {
        file.error(
            Objects.requireNonNull(places.get(key)).at(),
            "The place '%s' of %s is taken by %s".formatted(place, key, other.getKey()));
      }
    }
  }

  private static boolean isBefore(Map<String, ?> map, String one, String other) {
    List<String> keys = List.copyOf(map.keySet());
    return keys.indexOf(one) < keys.indexOf(other);
  }

  /** A place must be in an object, and hold nothing that has parts. */
  private void checkPlace(Value.Entries stream, String key, Value.Text place) {
    Optional<Value> at = stream.value("body");
    StringBuilder way = new StringBuilder();
    for (String step : place.text().substring(1).split("/", -1)) {
      if (at.isPresent() && !(at.get() instanceof Value.Entries)) {
        file.error(
            place.at(),
            "The place '%s' that %s names leads into %s, which is no map"
                .formatted(
                    place.text(), key, way.isEmpty() ? "the body" : "'" + way + "' of the body"),
            "correct the pointer, or the body");
        return;
      }
      way.append('/').append(step);
      String name = step.replace("~1", "/").replace("~0", "~");
      at = at.flatMap(v -> ((Value.Entries) v).value(name));
    }
    if (at.filter(v -> v instanceof Value.Entries || v instanceof Value.Items).isPresent()) {
      file.error(
          place.at(),
          "At '%s' of the body, which %s names, stands a map or a list"
              .formatted(place.text(), key),
          "name the place of one value");
    }
  }
}
