package io.ecluse.source.postgres;

/** Tells which rows have changed since a snapshot. */
final class Changes {
  private static final long XIDS = 1L << 32;

  /** Half of all ids are of the past; less some that may come while a table is read. */
  private static final long MOST_APART = (1L << 31) - (1L << 24);

  private Changes() {}

  /**
   * The condition of rows that were written by a transaction that the snapshot may not see; some
   * that it sees are among them. Ids of transactions go round, so it is their age that is compared
   * (PostgreSQL documentation, "Transactions and Identifiers"); rows that are older than ids can
   * tell seem to come from the future.
   *
   * @param position {@code txid_current_snapshot()}, perhaps after a log position and a blank
   */
  static String since(String position) {
    return "age(xmin) BETWEEN 0 AND age('%d'::xid)".formatted(oldest(position) % XIDS);
  }

  /**
   * The same, seen from another snapshot: true of every row if so many transactions lie between
   * that ids no longer tell, or if ids have gone back, as in a server that was restored.
   */
  static String since(String position, String now) {
    long passed = oldest(now) - oldest(position);
    return passed >= 0 && passed < MOST_APART ? since(position) : "true";
  }

  private static long oldest(String position) {
    String snapshot = position.substring(position.indexOf(' ') + 1);
    return Long.parseLong(snapshot.substring(0, snapshot.indexOf(':')));
  }
}
