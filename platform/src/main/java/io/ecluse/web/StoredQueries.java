package io.ecluse.web;

import io.ecluse.metadata.QueryHistory;
import io.ecluse.query.QueryLog;
import java.util.List;
import java.util.Optional;

/** Keeps the queries of people in the metadata database. */
final class StoredQueries implements QueryLog {
  private final QueryHistory history;

  StoredQueries(QueryHistory history) {
    this.history = history;
  }

  @Override
  public void begin(Entry entry) {
    history.add(
        new QueryHistory.Line(
            entry.id(), entry.owner(), entry.sql(), entry.submittedAt(), entry.elapsed()));
  }

  @Override
  public void end(Entry entry) {
    history.ended(entry.id(), entry.elapsed());
  }

  @Override
  public List<Entry> newest(String owner) {
    return history.newest(owner).stream().map(StoredQueries::entry).toList();
  }

  @Override
  public Optional<Entry> find(String owner, String id) {
    return history.find(owner, id).map(StoredQueries::entry);
  }

  private static Entry entry(QueryHistory.Line line) {
    return new Entry(line.id(), line.owner(), line.sql(), line.submittedAt(), line.elapsed());
  }
}
