package io.ecluse.project;

import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** What the YAML parser complains of, in words for people who do not know its grammar. */
record YamlMistake(String message, Optional<String> hint) {

  static YamlMistake of(MarkedYamlEngineException e) {
    String problem = String.valueOf(e.getProblem());
    if (problem.contains("\\t")) {
      return new YamlMistake("A tab cannot indent", Optional.of("use spaces"));
    } else if (problem.contains("mapping values are not allowed here")) {
      return new YamlMistake(
          "A key cannot stand here",
          Optional.of("check the indentation, or quote text that holds ': '"));
    } else if (problem.contains("could not find expected ':'")) {
      return new YamlMistake("A ':' is missing after a key", Optional.of("write key: value"));
    } else if (problem.contains("expected <block end>")) {
      return new YamlMistake(
          "This line does not fit the ones above",
          Optional.of("keys of one map start in one column, and so do the dashes of a list"));
    } else if (problem.contains("unexpected end of stream")) {
      return new YamlMistake("A quoted text never ends", Optional.of("close the quote"));
    } else if (problem.contains("expected ',' or '")) {
      return new YamlMistake(
          "A [list] or {map} is not closed, or a comma is missing in it", Optional.empty());
    } else if (problem.contains("cannot start any token")) {
      return new YamlMistake(
          "A value cannot start with this character", Optional.of("quote the value"));
    }
    return new YamlMistake("This is not YAML: " + problem, Optional.empty());
  }
}
