package io.ecluse.web;

import io.ecluse.Platform;
import io.ecluse.duckdb.EngineWords;
import io.ecluse.schema.Column;
import io.ecluse.warehouse.PublishedTable;
import io.ecluse.warehouse.TableColumn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What an editor of SQL offers: the tables that are published, and the engine's own words. */
@RestController
@RequestMapping("/api/v1/catalog/completions")
final class CompletionController {
  private final Platform platform;

  /** Asked for once: they change with the engine's version only. */
  private Optional<EngineWords> words = Optional.empty();

  CompletionController(Platform platform) {
    this.platform = platform;
  }

  record CompletionTable(String name, List<String> columns) {}

  record CompletionFunction(String name, String kind, String parameters) {}

  record Completions(
      List<CompletionTable> tables,
      List<String> keywords,
      List<String> types,
      List<CompletionFunction> functions) {}

  @GetMapping
  Completions completions() {
    List<CompletionTable> tables = new ArrayList<>();
    for (PublishedTable table : platform.warehouse().tables()) {
      tables.add(
          new CompletionTable(
              table.name().toString(),
              platform.warehouse().columns(table.name()).orElse(List.of()).stream()
                  .map(TableColumn::column)
                  .map(Column::name)
                  .toList()));
    }
    // What models made stands before what sources gave: of two of one name, people mean the first.
    tables.sort(Comparator.comparing(t -> isOfSource(t.name())));
    EngineWords words = words();
    return new Completions(
        tables,
        words.keywords(),
        words.types(),
        words.functions().stream()
            .map(f -> new CompletionFunction(f.name(), f.kind(), f.parameters()))
            .toList());
  }

  private synchronized EngineWords words() {
    if (words.isEmpty()) {
      words = Optional.of(EngineWords.read());
    }
    return words.orElseThrow();
  }

  private boolean isOfSource(String table) {
    String schema = table.substring(0, table.indexOf('.'));
    return platform.project().get().isSource(schema);
  }
}
