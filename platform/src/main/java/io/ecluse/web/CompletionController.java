package io.ecluse.web;

import io.ecluse.Platform;
import io.ecluse.access.Action;
import io.ecluse.access.Caller;
import io.ecluse.access.Subject;
import io.ecluse.catalog.Tables;
import io.ecluse.engine.EngineWords;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What an editor of SQL offers: the tables that are published, and the engine's own words. */
@RestController
@RequestMapping("/api/v1/catalog/completions")
record CompletionController(Platform platform) {
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
    Tables catalog = platform.catalog().tables();
    List<CompletionTable> tables =
        catalog.asMeant(caller).stream()
            .map(t -> new CompletionTable(t.toString(), catalog.columns(t)))
            .toList();
    EngineWords words = platform.queries().words();
    return new Completions(
        tables,
        words.keywords(),
        words.types(),
        words.functions().stream()
            .map(f -> new CompletionFunction(f.name(), f.kind(), f.parameters()))
            .toList());
  }
}
