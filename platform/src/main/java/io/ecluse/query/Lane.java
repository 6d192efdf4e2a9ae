package io.ecluse.query;

/**
 * For what a query asks: as long as it takes, or an answer soon. What is quick keeps places of its
 * own, so that pages answer while long queries run.
 */
public enum Lane {
  /** Queries of people, which may take until query.timeout. */
  LONG(3, 4),
  /** Tiles, samples, pages of results, downloads, and the first seconds of any query. */
  QUICK(3, 12);

  /** How many run at once in all lanes. */
  static final int PROCESSES = 6;

  /** How many of a lane's places one caller can have. */
  static final int EACH_CALLER = 2;

  private final int places;
  private final int parts;

  Lane(int places, int parts) {
    this.places = places;
    this.parts = parts;
  }

  int places() {
    return places;
  }

  /** A query gets this part of the memory for all; the parts of all places are the whole. */
  int parts() {
    return parts;
  }
}
