package io.ecluse.project;

import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** What the YAML parser complains of, in words for people who do not know its grammar. */
record YamlMistake(Optional<Mark> mark, String message, Optional<String> hint) {

  static YamlMistake of(MarkedYamlEngineException e) {
    Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
    String problem = String.valueOf(e.getProblem());
    if (problem.contains("\\t")) {
      return new YamlMistake(mark, "A tab cannot indent", Optional.of("use spaces"));
    } else if (problem.contains("mapping values are not allowed here")) {
      return new YamlMistake(
          mark,
          "A key cannot stand here",
          Optional.of("check the indentation, or quote text that holds ': '"));
    } else if (problem.contains("could not find expected ':'")) {
      return new YamlMistake(mark, "A ':' is missing after a key", Optional.of("write key: value"));
    } else if (problem.contains("expected <block end>")) {
      return new YamlMistake(
          mark,
          "This line does not fit the ones above",
          Optional.of("keys of one map start in one column, and so do the dashes of a list"));
    } else if (problem.contains("unexpected end of stream")) {
      return new YamlMistake(
          e.getContextMark().or(() -> mark),
          "A quoted text starts here and never ends",
          Optional.of("close the quote"));
    } else if (problem.contains("expected ',' or '")) {
      return new YamlMistake(
          mark, "A [list] or {map} is not closed, or a comma is missing in it", Optional.empty());
    } else if (problem.contains("cannot start any token")) {
      return new YamlMistake(
          mark, "A value cannot start with this character", Optional.of("quote the value"));
    }
    return new YamlMistake(mark, "This is not YAML: " + problem, Optional.empty());
  }
}
