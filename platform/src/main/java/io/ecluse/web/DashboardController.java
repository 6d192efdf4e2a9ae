package io.ecluse.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ecluse.Platform;
import io.ecluse.access.Action;
import io.ecluse.access.Caller;
import io.ecluse.access.Subject;
import io.ecluse.catalog.Definitions.Definition;
import io.ecluse.engine.Cancellation;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.BrokenFile;
import io.ecluse.project.DashboardFile;
import io.ecluse.project.Localized;
import io.ecluse.query.Answer;
import io.ecluse.query.Ticket;
import io.ecluse.warehouse.ReadView;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import tools.jackson.databind.json.JsonMapper;

/** Dashboards: their files, and the data of their tiles, one line a tile as it is ready. */
@RestController
@RequestMapping("/api/v1/dashboards")
final class DashboardController implements AutoCloseable {
  private static final int MOST_ROWS = 5_000;
  private static final int PARALLEL = 3;

  /** How often a line without a tile is written, to find out whether anybody reads. */
  private static final long PULSE_MILLIS = 1_000;

  private final Platform platform;
  private final Set<Cancellation> answering = ConcurrentHashMap.newKeySet();
  private final ExecutorService executor =
      Executors.newFixedThreadPool(
          PARALLEL,
          r -> {
            Thread thread = new Thread(r, "tile");
            thread.setDaemon(true);
            return thread;
          });

  DashboardController(Platform platform) {
    this.platform = platform;
  }

  /**
   * @param broken what is wrong with its file, if anything is
   */
  record DashboardLine(
      String id, Localized title, Localized description, int tiles, Optional<String> broken) {
    static DashboardLine of(Definition<DashboardFile> definition) {
      Optional<DashboardFile> file = definition.made();
      return new DashboardLine(
          definition.name(),
          file.map(DashboardFile::title).orElse(Localized.of(definition.name())),
          file.map(DashboardFile::description).orElse(Localized.EMPTY),
          file.map(d -> d.tiles().size()).orElse(0),
          definition.broken().map(BrokenFile::summary));
    }
  }

  record Tile(
      String id,
      Localized title,
      String kind,
      @Nullable String x,
      @Nullable String y,
      @Nullable String series,
      @Nullable String unit,
      @Nullable String format,
      @JsonProperty("x_format") @Nullable String xFormat,
      Map<String, Localized> labels,
      int width,
      Localized note,
      String query) {}

  record Dashboard(String id, Localized title, Localized description, List<Tile> tiles) {}

  record Wanted(@Nullable List<String> tiles) {}

  record TileData(
      String tile,
      String state,
      List<QueryController.ColumnView> columns,
      List<List<@Nullable Object>> rows,
      @JsonProperty("elapsed_ms") long elapsedMs,
      @JsonProperty("as_of") @Nullable Instant asOf,
      List<String> tables,
      Map<String, String> snapshots,
      ErrorBody.@Nullable Error error) {}

  @GetMapping
  @Asks(value = Action.SEE, of = Subject.Kind.DASHBOARD)
  List<DashboardLine> list(Caller caller) {
    return platform.catalog().definitions().dashboards(caller).stream()
        .map(DashboardLine::of)
        .toList();
  }

  @GetMapping("/{id}")
  @Asks(value = Action.SEE, of = Subject.Kind.DASHBOARD, named = "id")
  Dashboard show(@PathVariable String id) {
    DashboardFile file = platform.project().get().dashboard(id);
    return new Dashboard(
        file.id(),
        file.title(),
        file.description(),
        file.tiles().stream().map(DashboardController::tile).toList());
  }

  private static Tile tile(DashboardFile.Tile tile) {
    return new Tile(
        tile.id(),
        tile.title(),
        tile.kind().name().toLowerCase(Locale.ROOT),
        tile.x().orElse(null),
        tile.y().orElse(null),
        tile.series().orElse(null),
        tile.unit().orElse(null),
        tile.format().map(f -> f.name().toLowerCase(Locale.ROOT)).orElse(null),
        tile.xFormat().map(f -> f.name().toLowerCase(Locale.ROOT)).orElse(null),
        tile.labels(),
        tile.width(),
        tile.note(),
        tile.query());
  }

  @PostMapping("/{id}/data")
  @Asks(value = Action.READ_ROWS, of = Subject.Kind.DASHBOARD, named = "id")
  ResponseEntity<StreamingResponseBody> data(
      @PathVariable String id,
      @RequestBody(required = false) @Nullable Wanted wanted,
      Caller caller) {
    DashboardFile file = platform.project().get().dashboard(id);
    List<String> names = wanted == null ? null : wanted.tiles();
    List<DashboardFile.Tile> tiles =
        names == null
            ? file.tiles()
            : file.tiles().stream().filter(t -> names.contains(t.id())).toList();
    return ResponseEntity.ok()
        .contentType(MediaType.parseMediaType("application/x-ndjson"))
        .body(out -> write(out, tiles, caller));
  }

  /** Whoever asked is seen to have gone when nothing can be written; then nothing more is read. */
  private void write(OutputStream out, List<DashboardFile.Tile> tiles, Caller caller)
      throws IOException {
    Cancellation all = new Cancellation();
    answering.add(all);
    CompletionService<TileData> ready = new ExecutorCompletionService<>(executor);
    tiles.forEach(t -> ready.submit(() -> answer(t, Ticket.quick(caller, all.part()))));
    try {
      int left = tiles.size();
      while (left > 0) {
        Future<TileData> tile = ready.poll(PULSE_MILLIS, TimeUnit.MILLISECONDS);
        String line = tile == null ? "" : JsonMapper.shared().writeValueAsString(tile.get());
        left -= tile == null ? 0 : 1;
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw ErrorCode.INTERNAL.error("A tile failed: " + e.getCause(), e);
    } finally {
      answering.remove(all);
      all.cancel();
    }
  }

  private TileData answer(DashboardFile.Tile tile, Ticket ticket) {
    long begin = System.nanoTime();
    try {
      Answer answer = platform.queries().read(ticket, tile.query(), ReadView.PUBLISHED, MOST_ROWS);
      List<QueryController.ColumnView> columns =
          QueryController.ColumnView.of(answer.names(), answer.types());
      TileColumns.require(tile, columns);
      Map<String, String> snapshots = new TreeMap<>();
      answer.snapshots().forEach((t, id) -> snapshots.put(t.toString(), String.valueOf(id)));
      return new TileData(
          tile.id(),
          "ok",
          columns,
          JsonValues.rows(answer.rows()),
          millis(begin),
          answer.oldest().orElse(null),
          List.copyOf(snapshots.keySet()),
          snapshots,
          null);
    } catch (EcluseException e) {
      return new TileData(
          tile.id(),
          "error",
          List.of(),
          List.of(),
          millis(begin),
          null,
          List.of(),
          Map.of(),
          ErrorBody.error(e));
    }
  }

  private static long millis(long begin) {
    return (System.nanoTime() - begin) / 1_000_000;
  }

  @Override
  public void close() {
    answering.forEach(Cancellation::cancel);
    executor.shutdownNow();
  }
}
