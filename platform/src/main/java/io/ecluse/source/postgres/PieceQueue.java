package io.ecluse.source.postgres;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What is left to read, the biggest tables first; and how long the snapshot may live for it. Safe
 * for use by several threads.
 */
final class PieceQueue {
  private final ConcurrentLinkedQueue<Piece> queue = new ConcurrentLinkedQueue<>();
  private final Map<String, Integer> planned = new HashMap<>();
  private final Set<String> keyed = new HashSet<>();

  /** Pieces that wait or are being read and that only the snapshot will do for. */
  private final AtomicInteger bound = new AtomicInteger();

  private final long begin = System.nanoTime();
  private final Duration life;
  private final long pages;

  PieceQueue(List<ReadPlan> plans, PostgresSourceSettings settings) {
    this.life = settings.limits().snapshotLife();
    this.pages = settings.ranges().pages();
    List<ReadPlan> bySize = new ArrayList<>(plans);
    bySize.sort(Comparator.comparingLong((ReadPlan p) -> p.table().pages()).reversed());
    for (ReadPlan plan : bySize) {
      if (!plan.primaryKey().isEmpty()) {
        keyed.add(plan.stream());
      }
      add(Batches.Kind.ROWS, plan.table());
      plan.keys().ifPresent(k -> add(Batches.Kind.KEYS, k));
    }
  }

  private void add(Batches.Kind kind, PostgresTable table) {
    int number = 0;
    for (Optional<PostgresTable.PageRange> range : table.ranges(pages)) {
      Piece piece = new Piece(kind, table, range, number++);
      queue.add(piece);
      if (!mayBeLate(piece)) {
        bound.incrementAndGet();
      }
    }
    planned.put(kind.of(table.name()), number);
  }

  /** How many pieces there were at first, by {@link Batches.Kind#of}. */
  Map<String, Integer> planned() {
    return Map.copyOf(planned);
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

  private boolean mayBeLate(Piece piece) {
    return piece.kind() == Batches.Kind.ROWS
        && piece.range().isPresent()
        && keyed.contains(piece.stream());
  }

  /**
   * Whether the snapshot has had its time and no piece needs it; neither one that is being read,
   * since its connection may be lost and another must then see the same moment.
   */
  boolean mayLetGo() {
    return !isYoung() && bound.get() == 0;
  }
}
