package io.ecluse.source.http;

import io.ecluse.project.Template;
import io.ecluse.project.Value;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The JSON that a value of a file means, references left as they are. */
final class HttpBody {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private HttpBody() {}

  static Template of(Value value) {
    return new Template(JsonMapper.shared().writeValueAsString(node(value)));
  }

  private static JsonNode node(Value value) {
    if (value instanceof Value.Text text) {
      return NODES.stringNode(text.text());
    } else if (value instanceof Value.Decimal number) {
      return NODES.numberNode(number.number());
    } else if (value instanceof Value.Flag flag) {
      return NODES.booleanNode(flag.flag());
    } else if (value instanceof Value.Nothing) {
      return NODES.nullNode();
    } else if (value instanceof Value.Items items) {
      ArrayNode list = NODES.arrayNode();
      items.items().forEach(item -> list.add(node(item)));
      return list;
    } else if (value instanceof Value.Entries entries) {
      ObjectNode map = NODES.objectNode();
      entries.values().forEach((key, each) -> map.set(key, node(each)));
      return map;
    }
    throw new AssertionError("Unhandled " + value);
  }
}
