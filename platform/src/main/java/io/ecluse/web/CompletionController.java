package io.ecluse.web;

import io.ecluse.Platform;
import io.ecluse.access.Action;
import io.ecluse.access.Caller;
import io.ecluse.access.Subject;
import io.ecluse.catalog.Tables;
import io.ecluse.duckdb.EngineWords;
import java.util.List;
import java.util.Optional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What an editor of SQL offers: the tables that are published, and the engine's own words. */
@RestController
@RequestMapping("/api/v1/catalog/completions")
final class CompletionController {
  private final Tables catalog;

  /** Asked for once: they change with the engine's version only. */
  private Optional<EngineWords> words = Optional.empty();

  CompletionController(Platform platform) {
    this.catalog = platform.catalog().tables();
  }

  record CompletionTable(String name, List<String> columns) {}

  record CompletionFunction(String name, String kind, String parameters) {}

  record Completions(
      List<CompletionTable> tables,
      List<String> keywords,
      List<String> types,
      List<CompletionFunction> functions) {}

  @GetMapping
  @Asks(value = Action.SEE, of = Subject.Kind.TABLE)
  Completions completions(Caller caller) {
    List<CompletionTable> tables =
        catalog.asMeant(caller).stream()
            .map(t -> new CompletionTable(t.toString(), catalog.columns(t)))
            .toList();
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
}
