package io.ecluse.pipeline;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a task does: of which kind it is, and what that kind is told. Who does it, and what the
 * words mean, is no matter of this package.
 *
 * @param kind the stable lower-case name of the kind, as the API and the run store spell it
 * @param texts by name, in a stable order
 * @param lists by name, in a stable order
 * @param writes the tables that it makes, as {@code schema.table}; {@code schema.*} for those of
 *     which nobody knows before it runs
 */
public record Work(
    String kind, Map<String, String> texts, Map<String, List<String>> lists, Set<String> writes) {
  /** A point where edges meet: it does nothing. */
  public static final Work EMPTY = new Work("empty", Map.of());

  /** Makes everything that the run wrote visible, at once. */
  public static final Work PUBLISH = new Work("publish", Map.of());

  /** Of the names in {@link #writes}, those that mean every table of a schema end so. */
  public static final String ALL = "*";

  public Work {
    Checks.name("kind of a task", kind);
    texts = Collections.unmodifiableMap(new LinkedHashMap<>(texts));
    Map<String, List<String>> copies = new LinkedHashMap<>();
    lists.forEach((name, list) -> copies.put(name, List.copyOf(list)));
    lists = Collections.unmodifiableMap(copies);
    writes = Collections.unmodifiableSet(new TreeSet<>(writes));
  }

  /** Work that makes no table, told texts only. */
  public Work(String kind, Map<String, String> texts) {
    this(kind, texts, Map.of(), Set.of());
  }

  /** The same, told a list too. */
  public Work with(String name, List<String> list) {
    Map<String, List<String>> more = new LinkedHashMap<>(lists);
    more.put(name, list);
    return new Work(kind, texts, more, writes);
  }

  /** The same, told a text too. */
  public Work with(String name, String text) {
    Map<String, String> more = new LinkedHashMap<>(texts);
    more.put(name, text);
    return new Work(kind, more, lists, writes);
  }

  /** The same, making a table. */
  public Work writing(String table) {
    Set<String> more = new TreeSet<>(writes);
    more.add(table);
    return new Work(kind, texts, lists, more);
  }

  /** A text that it was told; empty if it was not. */
  public String text(String name) {
    return texts.getOrDefault(name, "");
  }

  /** A list that it was told; empty if it was not. */
  public List<String> list(String name) {
    return lists.getOrDefault(name, List.of());
  }

  /**
   * What it is about, for people: what it was told, joined by dots; if that is nothing, its kind.
   */
  public String label() {
    return texts.isEmpty() && !equals(EMPTY) ? kind : String.join(".", texts.values());
  }
}
