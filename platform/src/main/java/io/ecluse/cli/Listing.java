package io.ecluse.cli;

import io.ecluse.project.BrokenFile;
import io.ecluse.project.Problem;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;

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

  /** A field and a column, with a text of its own for people. */
  <V> Listing<T> both(String name, String header, Function<T, V> value, Function<V, String> text) {
    return field(name, value).column(header, thing -> text.apply(value.apply(thing)));
  }

  /** A field and a column; what is not there is a dash. */
  <V> Listing<T> perhaps(
      String name, String header, Function<T, Optional<V>> value, Function<V, String> text) {
    return field(name, value).column(header, thing -> value.apply(thing).map(text).orElse("-"));
  }

  void print(PrintWriter out, ProjectCommand.Format format, List<T> things) {
    print(out, format, things, List.of());
  }

  /**
   * @param broken files with errors, whose error stands in the last column
   */
  void print(
      PrintWriter out, ProjectCommand.Format format, List<T> things, List<BrokenFile> broken) {
    if (format == ProjectCommand.Format.JSON) {
      List<Fields> objects = objects(things);
      broken.forEach(file -> objects.add(object(file)));
      Output.json(out, objects);
    } else {
      List<List<String>> rows = rows(things);
      broken.forEach(file -> rows.add(row(file)));
      Output.table(out, headers, rows);
    }
  }

  /** The things as they are part of what programs get. */
  List<Fields> objects(Collection<T> things) {
    return things.stream().map(this::object).collect(Collectors.toCollection(ArrayList::new));
  }

  /** Prints the things as they are part of what people are shown. */
  void table(PrintWriter out, Collection<T> things) {
    Output.table(out, headers, rows(things));
  }

  private List<List<String>> rows(Collection<T> things) {
    return things.stream()
        .map(thing -> cells.stream().map(cell -> cell.apply(thing)).toList())
        .collect(Collectors.toCollection(ArrayList::new));
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
