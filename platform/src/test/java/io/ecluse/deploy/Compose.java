package io.ecluse.deploy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A compose file with its variables replaced, as the specification of Compose has it. */
public record Compose(Map<String, Object> content) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /** Reads it, with the values of a file {@code .env}. */
  public static Compose of(String text, Map<String, String> variables) {
    @SuppressWarnings("unchecked")
    Map<String, Object> content =
        (Map<String, Object>) merged(replaced(Deploy.yaml(text), variables));
    return new Compose(content);
  }

  /** Texts of YAML in which variables are replaced; not its keys. */
  private static Object replaced(Object value, Map<String, String> variables) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> all = new LinkedHashMap<>();
      map.forEach((key, each) -> all.put(String.valueOf(key), replaced(each, variables)));
      return all;
    }
    if (value instanceof List<?> list) {
      List<Object> all = new ArrayList<>();
      list.forEach(each -> all.add(replaced(each, variables)));
      return all;
    }
    return value instanceof String text ? replaced(text, variables) : value;
  }

  /** YAML's {@code <<}, which the parser leaves. */
  private static Object merged(Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> all = new LinkedHashMap<>();
      if (map.get("<<") != null) {
        ((Map<?, ?>) merged(map.get("<<"))).forEach((k, v) -> all.put(String.valueOf(k), v));
      }
      map.forEach(
          (key, each) -> {
            if (!key.equals("<<")) {
              all.put(String.valueOf(key), merged(each));
            }
          });
      return all;
    }
    return value instanceof List<?> list ? list.stream().map(Compose::merged).toList() : value;
  }

  static String replaced(String text, Map<String, String> variables) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      if (text.startsWith("$$", at)) {
        out.append('$');
        at += 2;
      } else if (text.startsWith("${", at)) {
        int end = closing(text, at + 2);
        out.append(value(text.substring(at + 2, end), variables));
        at = end + 1;
      } else if (text.charAt(at) == '$') {
        throw new IllegalArgumentException("A lone $ in '" + text + "'");
      } else {
        out.append(text.charAt(at++));
      }
    }
    return out.toString();
  }

  private static int closing(String text, int from) {
    int open = 1;
    for (int at = from; at < text.length(); at++) {
      if (text.startsWith("${", at)) {
        open++;
      } else if (text.charAt(at) == '}' && --open == 0) {
        return at;
      }
    }
    throw new IllegalArgumentException("Never closed: " + text);
  }

  private static String value(String inside, Map<String, String> variables) {
    Matcher name = NAME.matcher(inside);
    if (!name.lookingAt()) {
      throw new IllegalArgumentException("No variable: " + inside);
    }
    Optional<String> value = Optional.ofNullable(variables.get(name.group()));
    String rest = inside.substring(name.end());
    boolean empty = rest.startsWith(":");
    Optional<String> counted = empty ? value.filter(v -> !v.isEmpty()) : value;
    String kind = empty ? rest.substring(1) : rest;
    String word = kind.isEmpty() ? "" : kind.substring(1);
    return switch (kind.isEmpty() ? ' ' : kind.charAt(0)) {
      case ' ' -> value.orElse("");
      case '-' -> counted.orElseGet(() -> replaced(word, variables));
      case '+' -> counted.map(v -> replaced(word, variables)).orElse("");
      case '?' ->
          counted.orElseThrow(
              () -> new IllegalArgumentException(name.group() + " is missing: " + word));
      default -> throw new IllegalArgumentException("Unknown: ${" + inside + "}");
    };
  }

  public Map<String, Map<String, Object>> services() {
    Map<String, Map<String, Object>> all = new LinkedHashMap<>();
    map(content, "services").forEach((name, each) -> all.put(name, asMap(each)));
    return all;
  }

  Map<String, Object> service(String name) {
    return services().get(name);
  }

  static Map<String, Object> map(Map<String, Object> of, String key) {
    return of.get(key) == null ? Map.of() : asMap(of.get(key));
  }

  static List<Object> list(Map<String, Object> of, String key) {
    return of.get(key) instanceof List<?> list ? List.copyOf(list) : List.of();
  }

  public static List<String> words(Map<String, Object> of, String key) {
    return list(of, key).stream().map(String::valueOf).toList();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> asMap(Object value) {
    return (Map<String, Object>) value;
  }
}
