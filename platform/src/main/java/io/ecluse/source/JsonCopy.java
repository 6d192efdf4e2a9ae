package io.ecluse.source;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Copies JSON, every number with the digits with which it is written. */
public final class JsonCopy {
  private JsonCopy() {}

  /** Copies the value at which a parser stands; it then stands at the value's last token. */
  public static void value(JsonParser from, JsonGenerator to) {
    int depth = 0;
    do {
      JsonToken token = from.currentToken();
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      if (token.isNumeric()) {
        to.writeNumber(from.getString());
      } else {
        to.copyCurrentEvent(from);
      }
      if (depth > 0) {
        from.nextToken();
      }
    } while (depth > 0);
  }
}
