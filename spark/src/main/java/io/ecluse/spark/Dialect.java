package io.ecluse.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * What makes Spark's SQL the SQL of the models. Settings are files of this jar, where the platform
 * reads them, too: for the tools that it joins to its catalog.
 */
final class Dialect {
  static final Map<String, String> SETTINGS = settings("dialect.properties");

  private Dialect() {}

  static Map<String, String> settings(String file) {
    Properties properties = new Properties();
    try (InputStream in = Dialect.class.getResourceAsStream(file)) {
      properties.load(Optional.ofNullable(in).orElseThrow());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> settings = new HashMap<>();
    properties.stringPropertyNames().forEach(n -> settings.put(n, properties.getProperty(n)));
    return Map.copyOf(settings);
  }
}
