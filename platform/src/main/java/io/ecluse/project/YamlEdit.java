package io.ecluse.project;

import io.ecluse.error.ErrorCode;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

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
