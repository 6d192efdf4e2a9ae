package io.ecluse.source.postgres;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What is left to read, the biggest tables first; and how long the snapshot may live for it. Safe
 * for use by several threads.
 */
final class PieceQueue {
  private final ConcurrentLinkedQueue<Piece> queue = new ConcurrentLinkedQueue<>();

  /** Pieces that wait or are being read and that only the snapshot will do for. */
  private final AtomicInteger bound = new AtomicInteger();

  private final long begin = System.nanoTime();
  private final Duration life;

  /**
   * @param pieces of each table, in the order in which they are to be read
   * @param life how long the snapshot may be held
   */
  PieceQueue(List<List<Piece>> pieces, Duration life) {
    this.life = life;
    pieces.forEach(queue::addAll);
    queue.stream().filter(p -> !mayBeLate(p)).forEach(p -> bound.incrementAndGet());
  }

  int size() {
    return queue.size();
  }

  Optional<Piece> next() {
    return Optional.ofNullable(queue.poll());
  }

  /** Another piece, once this one has been read. */
  Optional<Piece> next(Piece finished) {
    if (!mayBeLate(finished)) {
      bound.decrementAndGet();
    }
    return next();
  }

  /** How long the snapshot may still be held; not positive when its time is over. */
  Duration young() {
    return life.minusNanos(System.nanoTime() - begin);
  }

  private boolean isYoung() {
    return young().compareTo(Duration.ZERO) > 0;
  }

  /**
   * Whether this piece is no longer to be read in the snapshot. Where no key tells rows apart, what
   * was read of several moments could not be put together, so there the snapshot is held on.
   */
  boolean isLate(Piece piece) {
    return mayBeLate(piece) && !isYoung();
  }

  private static boolean mayBeLate(Piece piece) {
    return piece.moment() == Piece.Moment.ANY;
  }

  /**
   * Whether the snapshot has had its time and no piece needs it; neither one that is being read,
   * since its connection may be lost and another must then see the same moment.
   */
  boolean mayLetGo() {
    return !isYoung() && bound.get() == 0;
  }
}
