package io.ecluse.schema;

import io.ecluse.schema.SqlParser.Unportable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;

/** In what DuckDB and Spark differ, in words, and what to write instead. */
public final class PortabilityRules {
  private static final String FUNCTION = "function";
  private static final Properties TEXTS = read();
  private static final Set<String> FUNCTIONS = Set.of(text("functions").trim().split("\\s+"));

  private PortabilityRules() {}

  private static Properties read() {
    Properties texts = new Properties();
    try (InputStream file = PortabilityRules.class.getResourceAsStream("portability.properties")) {
      texts.load(new InputStreamReader(file, StandardCharsets.UTF_8));
      return texts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(String key) {
    String text = TEXTS.getProperty(key);
    if (text == null) {
      throw new AssertionError("No text of " + key);
    }
    return text;
  }

  /** Whether a function, by its lower-case name, gives the same on both engines. */
  public static boolean isSame(String function) {
    return FUNCTIONS.contains(function);
  }

  /** Those functions, by their lower-case names. */
  public static Set<String> functions() {
    return FUNCTIONS;
  }

  /** The names of all rules. */
  public static Set<String> names() {
    return TEXTS.stringPropertyNames().stream()
        .filter(key -> key.endsWith(".differs"))
        .map(key -> key.substring(0, key.lastIndexOf('.')))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** What breaks a rule, with how it is told. */
  public static Unportable broken(String rule, String what, int line, int column) {
    return new Unportable(
        rule, what, text(rule + ".differs"), text(rule + ".instead"), line, column);
  }

  /** A function that is not the same. */
  public static Unportable function(String name, int line, int column) {
    String instead =
        Optional.ofNullable(TEXTS.getProperty(FUNCTION + "." + name + ".instead"))
            .orElseGet(() -> text(FUNCTION + ".instead"));
    return new Unportable(
        FUNCTION + "/" + name, name, text(FUNCTION + ".differs"), instead, line, column);
  }
}
