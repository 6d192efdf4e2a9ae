package io.ecluse.engine;

import java.util.List;

/**
 * The words that a query may use, as the engine itself lists them: no list of ours can differ from
 * what it takes. What queries of people are refused is left out.
 *
 * @param keywords lower case, in alphabetical order
 * @param types lower case, in alphabetical order
 */
public record EngineWords(List<String> keywords, List<String> types, List<Function> functions) {
  public EngineWords {
    keywords = List.copyOf(keywords);
    types = List.copyOf(types);
    functions = List.copyOf(functions);
  }

  /**
   * @param kind scalar, aggregate, macro or table
   * @param parameters names of the parameters of one of its forms, as in {@code part, date}
   */
  public record Function(String name, String kind, String parameters) {}
}
