package io.ecluse.warehouse;

import io.ecluse.error.ErrorCode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the tables are in the eyes of this process, which follows them when they were taken
 * elsewhere by another. What was begun where they were before ends there. Safe for use by several
 * threads.
 */
final class Sites implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sites.class);
  private static final int MOST_STEPS = 10;

  private final Function<String, Optional<Site>> opener;
  private final Deque<Site> all = new ArrayDeque<>();
  private Optional<Home> home = Optional.empty();
  private volatile Site now;

  /**
   * @param opener of a place that the database tells; empty if nobody can
   */
  Sites(Site first, Function<String, Optional<Site>> opener) {
    this.opener = opener;
    this.now = first;
    all.push(first);
  }

  Site now() {
    return now;
  }

  synchronized void settle(Home place) {
    home = Optional.of(place);
    at(
        site -> {
          site.settle(place);
          return site;
        });
    Site said = all.getLast();
    if (now != said) {
      LOG.warn(
          "warehouse.location says {}, but the tables were taken from there to {}, where they are used; correct ecluse.yaml, or have ecluse move warehouse take them back",
          said.io().root(),
          now.io().root());
    }
  }

  /** Another place, for the tables that are here. Whoever asked closes it. */
  Site open(String place) {
    return opener
        .apply(place)
        .orElseThrow(() -> new IllegalStateException("Nobody can open " + place));
  }

  /** Where the catalog is, once it is settled. */
  synchronized Home home() {
    return home.orElseThrow();
  }

  /** Does it where the tables are; again, if it turns out that they are elsewhere. */
  <T> T at(Function<Site, T> work) {
    for (int step = 0; ; step++) {
      Site site = now;
      try {
        return work.apply(site);
      } catch (Moved e) {
        if (step == MOST_STEPS) {
          throw e;
        }
        follow(site, e.to());
      }
    }
  }

  /** From now on, the tables are there for this process. */
  synchronized void follow(Site left, String to) {
    if (now != left) {
      return; // another thread was faster
    }
    Site next =
        opener
            .apply(to)
            .orElseThrow(
                () ->
                    ErrorCode.WAREHOUSE_MOVED.error(
                        "The tables were taken from %s to %s; start again what works on them"
                            .formatted(left.io().root(), to)));
    home.ifPresent(next::settle);
    all.push(next);
    now = next;
    LOG.info(
        "The tables of this project were taken to {}: they are read and written there now", to);
  }

  @Override
  public void close() {
    all.forEach(Site::close);
  }
}
