package io.ecluse.serve;

import java.util.HashMap;
import java.util.Map;

/**
 * What is to be sent back. The answer to HEAD has no body.
 *
 * @param headers content type among them, if there is a body
 */
public record Answer(int status, Map<String, String> headers, byte[] body) {
  public Answer {
    headers = Map.copyOf(headers);
    body = body.clone();
  }

  static Answer empty(int status) {
    return new Answer(status, Map.of(), new byte[0]);
  }

  /** The same, with another header. */
  Answer with(String header, String value) {
    Map<String, String> all = new HashMap<>(headers);
    all.put(header, value);
    return new Answer(status, all, body);
  }

  @Override
  public byte[] body() {
    return body.clone();
  }
}
