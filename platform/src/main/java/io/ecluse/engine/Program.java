package io.ecluse.engine;

import java.util.List;
import java.util.Map;

/**
 * What somebody has written for an engine to run, beside queries: it reads and writes tables of its
 * run as it likes, and may be begun again.
 *
 * @param source the text of statements, else the address of a file
 * @param mainClass of a jar, else empty
 * @param facts what it is run for, by name
 */
public record Program(
    Language language,
    String source,
    String mainClass,
    List<String> arguments,
    Around around,
    Map<String, String> facts) {
  /**
   * What it needs beside.
   *
   * @param packages libraries, as group:artifact:version
   * @param files addresses of what it reads
   * @param settings of the engine
   */
  public record Around(List<String> packages, List<String> files, Map<String, String> settings) {
    public Around {
      packages = List.copyOf(packages);
      files = List.copyOf(files);
      settings = Map.copyOf(settings);
    }
  }

  /** What it is written in. */
  public enum Language {
    JAR,
    PYTHON,
    SQL
  }

  public Program {
    arguments = List.copyOf(arguments);
    facts = Map.copyOf(facts);
  }
}
