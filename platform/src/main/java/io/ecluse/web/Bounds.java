package io.ecluse.web;

import java.time.Duration;

/**
 * What one client, and all together, may take of the server. The bounds hang together: what an
 * address may have under way at once ({@code atWork}, waiting, bodies, streams) is less than its
 * connections, so of those one is always free to be given up for a newcomer.
 *
 * @param connections of all addresses
 * @param connectionsPerAddress of one; a further one takes the place of the one idle for longest
 * @param idle how long a connection may be without a request: a request's head must be complete
 *     within that time, and what is kept alive comes to its end
 * @param atWork requests that hold a thread at once
 * @param atWorkPerAddress requests of one address that hold a thread at once
 * @param waiting requests that wait for one of these places
 * @param waitingPerAddress requests of one address that wait
 * @param patience how long they wait, then they are told to come again
 * @param bodies requests whose bodies arrive at once, which holds no thread
 * @param bodiesPerAddress of one address
 * @param body how long a whole body may take
 * @param streams of events at once
 * @param streamsPerAddress of one address
 */
record Bounds(
    int connections,
    int connectionsPerAddress,
    Duration idle,
    int atWork,
    int atWorkPerAddress,
    int waiting,
    int waitingPerAddress,
    Duration patience,
    int bodies,
    int bodiesPerAddress,
    Duration body,
    int streams,
    int streamsPerAddress) {
  static final Bounds USUAL =
      new Bounds(
          1024,
          256,
          Duration.ofSeconds(20),
          24,
          16,
          100,
          48,
          Duration.ofSeconds(5),
          128,
          32,
          Duration.ofSeconds(10),
          256,
          64);

  /** Largest body, and all that bodies may take of the memory at once. */
  static final int BODY_BYTES = 1 << 20;

  /** Largest body of an engine of others: a commit to many tables. */
  static final int COMMIT_BYTES = 8 << 20;

  /** Largest body of one whom the protocol's own door has to know. */
  static final int UNKNOWN_BYTES = 64 << 10;

  static final int SIGN_IN_BYTES = 1 << 10;
  static final int BODIES_BYTES = 32 << 20;

  /** Threads for requests that need no place: health, and refusals. */
  private static final int SPARE_THREADS = 24;

  Bounds {
    int underWay = atWorkPerAddress + waitingPerAddress + bodiesPerAddress + streamsPerAddress;
    if (underWay >= connectionsPerAddress || connectionsPerAddress > connections) {
      throw new IllegalArgumentException(
          "An address may have %d requests under way, so it needs more than %d of %d connections"
              .formatted(underWay, connectionsPerAddress, connections));
    }
  }

  int threads() {
    return atWork + waiting + SPARE_THREADS;
  }
}
