package io.ecluse.project;

import io.ecluse.error.ErrorCode;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Changes of a YAML text where a value stands in it, and nowhere else. */
final class YamlEdit {
  private static final LoadSettings SETTINGS = LoadSettings.builder().build();

  private YamlEdit() {}

  /** The text with another value at the end of these keys. */
  static String set(ProjectWriter.Content file, List<String> keys, String value) {
    Optional<Node> node = root(file);
    for (String key : keys) {
      node = node.flatMap(n -> child(n, key));
    }
    ScalarNode old =
        node.filter(ScalarNode.class::isInstance)
            .map(ScalarNode.class::cast)
            .filter(n -> n.isPlain() || n.getScalarStyle().name().endsWith("QUOTED"))
            .orElseThrow(
                () ->
                    ErrorCode.NOT_FOUND.error(
                        "%s has no single value at %s"
                            .formatted(file.path(), String.join(".", keys))));
    String text = file.text();
    int start = index(text, old.getStartMark().orElseThrow().getIndex());
    int end = index(text, old.getEndMark().orElseThrow().getIndex());
    return text.substring(0, start) + value + text.substring(end);
  }

  /** The text with this value at the end of these keys, of which the first ones are there. */
  static String put(ProjectWriter.Content file, List<String> keys, String value) {
    Deepest found = deepest(file, keys);
    if (found.depth() == keys.size()) {
      return set(file, keys, value);
    }
    List<String> rest = keys.subList(found.depth(), keys.size());
    String text = file.text();
    if (found.node() instanceof MappingNode map && map.getFlowStyle() == FlowStyle.FLOW) {
      int inside = index(text, map.getStartMark().orElseThrow().getIndex()) + 1;
      String more = map.getValue().isEmpty() ? " " : ",";
      return text.substring(0, inside) + " " + flow(rest, value) + more + text.substring(inside);
    }
    if (found.node() instanceof MappingNode map) {
      String indent = " ".repeat(map.getStartMark().orElseThrow().getColumn());
      int end = endOfLine(text, map);
      String before = text.substring(0, end);
      return before
          + (before.endsWith("\n") ? "" : "\n")
          + block(rest, value, indent)
          + (before.endsWith("\n") ? "\n" : "")
          + text.substring(end);
    }
    if (found.node() instanceof ScalarNode nothing
        && nothing.isPlain()
        && nothing.getValue().matches("|~|null")) {
      int start = index(text, nothing.getStartMark().orElseThrow().getIndex());
      int end = index(text, nothing.getEndMark().orElseThrow().getIndex());
      return text.substring(0, start) + " { " + flow(rest, value) + " }" + text.substring(end);
    }
    throw ErrorCode.NOT_FOUND.error(
        "%s has something else at %s"
            .formatted(file.path(), String.join(".", keys.subList(0, found.depth()))));
  }

  static boolean has(ProjectWriter.Content file, List<String> keys) {
    Optional<Node> node = root(file);
    for (String key : keys) {
      node = node.flatMap(n -> child(n, key));
    }
    return node.isPresent();
  }

  /** The number of the line where these keys are, as far as they are. */
  static int line(ProjectWriter.Content file, List<String> keys) {
    return deepest(file, keys).node().getStartMark().orElseThrow().getLine() + 1;
  }

  /**
   * The last node of a way that is there.
   *
   * @param depth how many keys lead to it
   */
  private record Deepest(Node node, int depth) {}

  private static Deepest deepest(ProjectWriter.Content file, List<String> keys) {
    Node node =
        root(file).orElseThrow(() -> ErrorCode.NOT_FOUND.error(file.path() + " has nothing in it"));
    int depth = 0;
    while (depth < keys.size()) {
      Optional<Node> next = child(node, keys.get(depth));
      if (next.isEmpty()) {
        break;
      }
      node = next.get();
      depth++;
    }
    return new Deepest(node, depth);
  }

  private static String flow(List<String> keys, String value) {
    return keys.size() == 1
        ? keys.get(0) + ": " + value
        : keys.get(0) + ": { " + flow(keys.subList(1, keys.size()), value) + " }";
  }

  private static String block(List<String> keys, String value, String indent) {
    return keys.size() == 1
        ? indent + keys.get(0) + ": " + value
        : indent + keys.get(0) + ":\n" + block(keys.subList(1, keys.size()), value, indent + "  ");
  }

  /** The end of the last line of a block, or the beginning of the next. */
  private static int endOfLine(String text, MappingNode map) {
    Node last = map;
    while (last instanceof MappingNode inner
        && inner.getFlowStyle() == FlowStyle.BLOCK
        && !inner.getValue().isEmpty()) {
      last = inner.getValue().get(inner.getValue().size() - 1).getValueNode();
    }
    if (last instanceof SequenceNode list && list.getFlowStyle() == FlowStyle.BLOCK) {
      throw ErrorCode.NOT_FOUND.error("A list ends what is to be written into");
    }
    int end = index(text, last.getEndMark().orElseThrow().getIndex());
    if (end > 0 && text.charAt(end - 1) == '\n') {
      return end;
    }
    int line = text.indexOf('\n', end);
    return line < 0 ? text.length() : line;
  }

  private static Optional<Node> root(ProjectWriter.Content file) {
    try {
      return new Compose(SETTINGS).composeString(file.text());
    } catch (YamlEngineException e) {
      throw ErrorCode.INVALID_PROJECT.error(file.path() + " is no YAML; mend it first", e);
    }
  }

  private static Optional<Node> child(Node node, String key) {
    if (!(node instanceof MappingNode map)) {
      return Optional.empty();
    }
    return map.getValue().stream()
        .filter(t -> t.getKeyNode() instanceof ScalarNode name && name.getValue().equals(key))
        .map(NodeTuple::getValueNode)
        .findFirst();
  }

  /** Marks count characters as Unicode does, Java as UTF-16 does. */
  private static int index(String text, int codePoints) {
    return text.offsetByCodePoints(0, codePoints);
  }
}
