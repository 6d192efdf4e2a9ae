package io.ecluse.storage;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Signs requests to a store for those who have no keys for it, one by one: keys stay here. What a
 * request is for is told before, so that whoever asks can be asked whether they may. Safe for use
 * by several threads.
 */
public interface RequestSigner {
  /** A request as its sender means to send it. */
  record Request(String method, URI uri, Map<String, List<String>> headers) {
    public Request {
      Map<String, List<String>> all = new LinkedHashMap<>();
      headers.forEach((name, values) -> all.put(name, List.copyOf(values)));
      headers = all;
    }
  }

  /**
   * What a request is for.
   *
   * @param name of the file, within the storage
   */
  record Purpose(String name, Effect effect) {}

  /** What a request does to a file. */
  enum Effect {
    READS,
    /** Sends parts of it, which are nothing yet. */
    PREPARES,
    /** Makes it appear. */
    MAKES
  }

  /**
   * What a request is for.
   *
   * @throws io.ecluse.error.EcluseException FORBIDDEN for what reads or makes no single file of the
   *     storage, or does anything else besides
   */
  Purpose purpose(Request request);

  /**
   * A request that the store takes, for some minutes: with its address, and the headers that it has
   * to have beside those that were told. One that makes a file replaces none that is there.
   *
   * @throws io.ecluse.error.EcluseException as {@link #purpose}
   */
  Request sign(Request request);
}
