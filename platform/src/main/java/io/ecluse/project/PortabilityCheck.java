package io.ecluse.project;

import io.ecluse.project.ProjectFiles.Part;
import io.ecluse.project.ProjectFiles.SqlPart;
import io.ecluse.project.SqlLexer.Token;
import io.ecluse.schema.PortabilityRules;
import io.ecluse.schema.SqlParser;
import io.ecluse.schema.SqlParser.Unportable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Refuses, in what may run on Spark, what Spark would answer otherwise than DuckDB does. Which
 * engine it will be is known only when it runs, and then it is too late to see that rows differ.
 */
final class PortabilityCheck {
  private static final String SPARK = "spark";
  private static final String CLUSTERS = "clusters";

  private final ProjectFiles files;
  private final SqlParser parser;
  private final Problems problems;
  private final boolean areClusters;
  private final boolean isSaid;

  PortabilityCheck(ProjectFiles files, SqlParser parser, Problems problems) {
    this.files = files;
    this.parser = parser;
    this.problems = problems;
    List<Value.Entries> places = settings().toList();
    this.areClusters = places.stream().anyMatch(p -> !p.entries(CLUSTERS).values().isEmpty());
    this.isSaid =
        Stream.concat(
                places.stream(),
                files.dags().values().stream().map(Part::content).flatMap(Optional::stream))
            .anyMatch(p -> mayBeSpark(Compute.of(p)));
  }

  /** The project's, and each environment's. */
  private Stream<Value.Entries> settings() {
    Value.Entries environments = files.settings().entries("environments");
    return Stream.concat(
        Stream.of(files.settings()),
        environments.values().keySet().stream().map(environments::entries));
  }

  /** On this machine alone, what decides by itself stays with DuckDB. */
  private boolean mayBeSpark(Compute compute) {
    return compute.engine().filter(SPARK::equals).isPresent()
        || areClusters && compute.engine().filter(Compute.AUTO::equals).isPresent();
  }

  void run() {
    boolean byDefault = isSaid || areClusters && isUnsaid();
    boolean anyModel = false;
    for (SqlPart model : files.models().values()) {
      Compute compute = model.sql().header().map(Compute::of).orElse(Compute.UNSAID);
      if (compute.engine().isPresent() ? mayBeSpark(compute) : byDefault) {
        check(model);
        anyModel = true;
      }
    }
    if (anyModel) {
      files.audits().values().forEach(this::check);
    }
  }

  /** Whether somewhere nothing says which engine it is. */
  private boolean isUnsaid() {
    return Compute.of(files.settings()).engine().isEmpty();
  }

  private void check(SqlPart part) {
    Problems.OfFile file = problems.in(part.path());
    if (file.areErrors()) {
      return;
    }
    String sql = part.sql().sql();
    Problems.OfFile elsewhere = new Problems().in(part.path()); // said when the file was read
    List<Token> tokens = SqlLexer.read(sql, elsewhere).orElse(List.of());
    String text = SqlParams.withTexts(sql, SqlParams.in(sql, tokens, elsewhere));
    in(sql, text, tokens, parser).forEach(unportable -> tell(unportable, file));
  }

  /**
   * What of a query differs.
   *
   * @param text the same with texts for parameters
   */
  static List<Unportable> in(String sql, String text, List<Token> tokens, SqlParser parser) {
    List<Unportable> all = new ArrayList<>();
    for (PortableText.Found found : PortableText.in(sql, tokens)) {
      Position at = found.token().at();
      all.add(PortabilityRules.broken(found.rule(), found.token().text(), at.line(), at.column()));
    }
    boolean isLateral = tokens.stream().anyMatch(token -> token.is("LATERAL"));
    parser.unportable(text).stream()
        .filter(unportable -> !(isLateral && unportable.rule().equals("lateral")))
        .forEach(all::add);
    return all;
  }

  private static void tell(Unportable found, Problems.OfFile file) {
    file.error(
        new Position(found.line(), found.column()),
        "'%s' would differ on Spark: %s".formatted(found.what(), found.differs()),
        "the same on both: " + found.instead());
  }
}
