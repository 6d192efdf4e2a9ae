package io.ecluse.source.postgres;

/** Tells which rows have changed since a snapshot. */
final class Changes {
  private static final long XIDS = 1L << 32;

  private Changes() {}

  /**
   * The condition of rows that were written by a transaction that the snapshot may not see; some
   * that it sees are among them. Ids of transactions go round, so it is their age that is compared
   * (PostgreSQL documentation, "Transactions and Identifiers").
   *
   * @param position a log position and, after a blank, {@code txid_current_snapshot()}
   */
  static String since(String position) {
    String snapshot = position.substring(position.indexOf(' ') + 1);
    long oldest = Long.parseLong(snapshot.substring(0, snapshot.indexOf(':')));
    return "age(xmin) <= age('%d'::xid)".formatted(oldest % XIDS);
  }
}
