package io.ecluse.source.http;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.schema.RowsWanted;
import io.ecluse.source.Continuation;
import io.ecluse.source.ExtractListener;
import io.ecluse.source.FileDecoder;
import io.ecluse.source.Landing;
import io.ecluse.source.MergedColumns;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.Increment;
import io.ecluse.staging.StagedColumn;
import io.ecluse.staging.StagingArea;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * One extract of one stream: its pages are kept as they come, and once all are there, they are read
 * like files, so that types are found over all of them.
 */
record HttpStream(String name, HttpSettings settings, Work work) {
  /**
   * What an extract works with.
   *
   * @param answer where each answer stands until the next comes
   */
  record Work(
      StagingArea staging,
      FileDecoder decoder,
      HttpErrors errors,
      ExtractListener listener,
      Path answer) {}

  private HttpSettings.Stream spec() {
    return settings.stream(name);
  }

  void run(Landing landing, Path folder, HttpApi api, RowsWanted reading) {
    Optional<BatchManifest> before = continued(reading);
    boolean again;
    try (Spool spool = new Spool(folder, name)) {
      fetch(landing, api, spool, since(before));
      again = !land(landing, folder, spool, before);
    }
    if (again) {
      landing.going().whenOver(api::cancel);
      work.listener()
          .log("%s has other columns than before: all of it is read again".formatted(name));
      try (Spool spool = new Spool(folder, name)) {
        fetch(landing, api, spool, Map.of());
        land(landing, folder, spool, Optional.empty());
      }
    }
  }

  /** The batch that this one goes on from; empty if everything is to be read. */
  private Optional<BatchManifest> continued(RowsWanted reading) {
    if (spec().since().isEmpty() || reading != RowsWanted.AS_PLANNED) {
      return Optional.empty();
    }
    Optional<String> cursor = spec().since().map(HttpSettings.Since::cursor);
    return work.staging()
        .newest(settings.name(), name)
        .filter(b -> b.primaryKey().equals(spec().primaryKey()))
        .filter(b -> b.increment().map(Increment::cursor).equals(cursor))
        .filter(b -> seen(b).isPresent());
  }

  private static Optional<String> seen(BatchManifest batch) {
    return batch.increment().flatMap(Increment::to);
  }

  private Map<String, JsonNode> since(Optional<BatchManifest> before) {
    return spec()
        .since()
        .flatMap(s -> before.map(b -> new Since(settings.name(), name, s).parameter(b)))
        .orElse(Map.of());
  }

  private void fetch(Landing landing, HttpApi api, Spool spool, Map<String, JsonNode> since) {
    Pager pager = new Pager(name, settings, since, work.errors());
    PageReader reader = new PageReader(work.errors(), spec());
    Optional<PageRequest> next = Optional.of(pager.first());
    int pages = 0;
    while (next.isPresent()) {
      Pager.Page page = reader.read(api.ask(next.get(), work.answer()), spool);
      pages++;
      landing.going().await(page.records());
      next = pager.next(page);
    }
    spool.end();
    long came = spool.records();
    int repeated = spool.removeRepeats(new Repeats(name, settings));
    if (repeated > 0) {
      landing.going().expect(-repeated);
      work.listener()
          .log(
              "%s: %d records came more than once, because they changed while pages were read; the newest of each stays"
                  .formatted(name, repeated));
    }
    work.listener()
        .log(
            "%s: %d records of %d pages%s"
                .formatted(
                    name,
                    came,
                    pages,
                    since.entrySet().stream()
                        .map(e -> ", " + e.getKey() + " " + e.getValue().asString())
                        .collect(Collectors.joining())));
  }

  /** Lands what was kept; false if its columns are not those of the batch before. */
  private boolean land(Landing landing, Path folder, Spool spool, Optional<BatchManifest> before) {
    List<FileDecoder.Input> inputs = spool.inputs();
    try (FileDecoder.Session session =
        work.decoder().open(inputs.stream().map(FileDecoder.Input::path).toList(), folder)) {
      landing.going().whenOver(session::cancel);
      Map<FileDecoder.Input, FileDecoder.Sight> sights = new LinkedHashMap<>();
      inputs.forEach(i -> sights.put(i, session.look(i, spec().types())));
      List<StagedColumn> columns = columns(sights, before);
      if (before.isPresent() && !plain(columns).equals(plain(before.get().columns()))) {
        return false;
      }
      Optional<Increment> increment = increment(session, sights, columns, before);
      Landing.Stream target =
          landing.stream(name, columns, new Continuation(spec().primaryKey(), increment));
      for (Map.Entry<FileDecoder.Input, FileDecoder.Sight> each : sights.entrySet()) {
        target.add(
            session.encode(each.getKey(), each.getValue(), target.columns(), target.nextPart()));
      }
      if (sights.isEmpty()) {
        target.write(row -> false, 1);
      }
      target.reconcile(spool.records());
      return true;
    } finally {
      landing.going().whenOver(() -> {});
    }
  }

  private static List<Column> plain(List<StagedColumn> columns) {
    return columns.stream().map(StagedColumn::column).toList();
  }

  /** Those of the records, and those that the project or the batch before knows. */
  private List<StagedColumn> columns(
      Map<FileDecoder.Input, FileDecoder.Sight> sights, Optional<BatchManifest> before) {
    MergedColumns merged = new MergedColumns();
    Optional<BatchManifest> known =
        sights.isEmpty() ? work.staging().newest(settings.name(), name) : before;
    known.ifPresent(b -> merged.add(b.columns()));
    sights.values().forEach(s -> merged.add(s.staged()));
    spec()
        .types()
        .forEach((c, type) -> merged.addMissing(new StagedColumn(new Column(c, type), "")));
    if (merged.columns().isEmpty()) {
      throw work.errors()
          .error(
              ErrorCode.DATA_INVALID,
              "stream %s has no record, so nothing tells which columns there are; say columns with their types, or leave the stream out"
                  .formatted(name));
    }
    return merged.columns();
  }

  private Optional<Increment> increment(
      FileDecoder.Session session,
      Map<FileDecoder.Input, FileDecoder.Sight> sights,
      List<StagedColumn> columns,
      Optional<BatchManifest> before) {
    if (spec().since().isEmpty()) {
      return Optional.empty();
    }
    String cursor = spec().since().get().cursor();
    Column column =
        plain(columns).stream()
            .filter(c -> c.name().equals(cursor))
            .findFirst()
            .orElseThrow(() -> noCursor(cursor, columns));
    Optional<String> highest = session.highest(sights, column);
    Optional<String> from =
        since(before).entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue().asString())
            .findFirst();
    return Optional.of(
        new Increment(
            cursor,
            from,
            highest.or(() -> before.flatMap(HttpStream::seen)),
            before.map(BatchManifest::extractId)));
  }

  private EcluseException noCursor(String cursor, List<StagedColumn> columns) {
    return ErrorCode.INVALID_PROJECT.error(
        "sources/%s.yaml: stream %s has no column %s, which cursor names; its columns are %s"
            .formatted(
                settings.name(),
                name,
                cursor,
                plain(columns).stream().map(Column::name).collect(Collectors.joining(", "))));
  }
}
