package io.ecluse.cli;

import io.ecluse.project.BrokenFile;
import io.ecluse.project.Problem;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** How things of a kind are listed: what programs get of each, and what people are shown. */
final class Listing<T> {
  private final String key;
  private final List<BiConsumer<T, Fields>> fields = new ArrayList<>();
  private final List<String> headers = new ArrayList<>();
  private final List<Function<T, String>> cells = new ArrayList<>();

  /**
   * @param key by which programs find the name of a thing
   */
  Listing(String key) {
    this.key = key;
  }

  /** A field for programs. */
  Listing<T> field(String name, Function<T, ?> value) {
    return fields((thing, object) -> object.putAll(new Fields().with(name, value.apply(thing))));
  }

  Listing<T> fields(BiConsumer<T, Fields> more) {
    fields.add(more);
    return this;
  }

  /** A column for people. */
  Listing<T> column(String header, Function<T, String> cell) {
    headers.add(header);
    cells.add(cell);
    return this;
  }

  /** A field and a column of the same text. */
  Listing<T> both(String name, String header, Function<T, String> value) {
    return field(name, value).column(header, value);
  }

  /** A field and a column; what is not there is a dash. */
  <V> Listing<T> both(
      String name, String header, Function<T, Optional<V>> value, Function<V, String> text) {
    return field(name, value).column(header, thing -> value.apply(thing).map(text).orElse("-"));
  }

  void print(PrintWriter out, ProjectOptions.Format format, List<T> things) {
    print(out, format, things, List.of());
  }

  /**
   * @param broken files with errors, whose error stands in the last column
   */
  void print(
      PrintWriter out, ProjectOptions.Format format, List<T> things, List<BrokenFile> broken) {
    if (format == ProjectOptions.Format.JSON) {
      List<Fields> objects = new ArrayList<>();
      things.forEach(thing -> objects.add(object(thing)));
      broken.forEach(file -> objects.add(object(file)));
      Output.json(out, objects);
    } else {
      List<List<String>> rows = new ArrayList<>();
      things.forEach(thing -> rows.add(cells.stream().map(cell -> cell.apply(thing)).toList()));
      broken.forEach(file -> rows.add(row(file)));
      Output.table(out, headers, rows);
    }
  }

  private Fields object(T thing) {
    Fields object = new Fields();
    fields.forEach(field -> field.accept(thing, object));
    return object;
  }

  private Fields object(BrokenFile file) {
    List<String> errors = file.problems().stream().map(Problem::toString).toList();
    return new Fields().with(key, file.name()).with("path", file.path()).with("errors", errors);
  }

  private List<String> row(BrokenFile file) {
    List<String> row = new ArrayList<>(List.of(file.name()));
    row.addAll(Collections.nCopies(headers.size() - 2, "-"));
    row.add("broken: " + file.summary());
    return row;
  }
}
