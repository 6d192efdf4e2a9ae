package io.ecluse.storage;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where batches or tables are in the eyes of this process, which follows them when they were taken
 * elsewhere by another. What was begun where they were before ends there. Safe for use by several
 * threads.
 *
 * @param <S> all that works on them in one place
 */
public class Followed<S extends Followed.Place> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Followed.class);
  private static final int MOST_STEPS = 10;

  private final Owner.Kind kind;
  private final Function<String, S> opener;
  private final Deque<S> all = new ArrayDeque<>();
  private volatile S now;

  /** One place. */
  public interface Place extends AutoCloseable {
    Places places();

    @Override
    default void close() {
      places().copies().close();
      places().storage().close();
    }
  }

  /**
   * @param opener of a place that the database tells
   */
  public Followed(Owner.Kind kind, S first, Function<String, S> opener) {
    this.kind = kind;
    this.opener = opener;
    this.now = first;
    all.push(first);
  }

  /** What is kept there. */
  public final Owner.Kind kind() {
    return kind;
  }

  public final S now() {
    return now;
  }

  /** Where it is and was since this process began, the last first. */
  public final synchronized List<S> all() {
    return List.copyOf(all);
  }

  /** Another place. Whoever asked closes it. */
  public final S open(String place) {
    return opener.apply(place);
  }

  /** Does it where they are; again, if it turns out that they are elsewhere. */
  public final <T> T at(Function<S, T> work) {
    for (int step = 0; ; step++) {
      S site = now;
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

  /** From now on, they are there for this process. */
  public final synchronized void follow(S left, String to) {
    if (now != left) {
      return; // another thread was faster
    }
    S next = opener.apply(to);
    begin(next);
    all.push(next);
    now = next;
    LOG.info(
        "The {} of this project were taken to {}: they are read and written there now",
        kind.content(),
        to);
  }

  /** What comes before the first work in a place that they were followed to. */
  protected void begin(S next) {
    // nothing, unless they say more
  }

  /** Tells if the project's files say a place that they have left. */
  public final synchronized void warn() {
    S said = all.getLast();
    if (now != said) {
      LOG.warn(
          "{}.location says {}, but the {} were taken from there to {}, where they are used; correct ecluse.yaml, or have ecluse move {} take them back",
          kind.word(),
          said.places().here(),
          kind.content(),
          now.places().here(),
          kind.word());
    }
  }

  @Override
  public final synchronized void close() {
    all.forEach(Place::close);
  }
}
