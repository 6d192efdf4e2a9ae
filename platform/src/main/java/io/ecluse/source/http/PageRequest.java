package io.ecluse.source.http;

import java.net.URI;
import java.util.Optional;

/**
 * Asks for a page.
 *
 * @param body JSON that is sent by POST, never part of a message; empty for GET
 */
record PageRequest(URI uri, Optional<String> body) {
  /** The same, asked elsewhere. */
  PageRequest at(URI other) {
    return new PageRequest(other, body);
  }

  @Override
  public String toString() {
    return HttpErrors.shown(uri);
  }
}
