package io.ecluse.source.jdbc;

import io.ecluse.schema.DriftPolicy;
import io.ecluse.source.ImpactLimits;
import io.ecluse.source.StreamPlan;
import io.ecluse.source.Terms;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Settings like others, but for one thing. */
final class Settings {
  private Settings() {}

  /** Reads every stream in full, over one connection, within five minutes a statement. */
  static JdbcSettings plain(String url, String user, String password) {
    return new JdbcSettings(
        "school",
        new JdbcSettings.Access(
            url, Map.of("user", user, "password", password), Optional.empty(), Optional.empty()),
        new JdbcSettings.Extraction(Duration.ofMinutes(5), 1, Terms.USUAL));
  }

  static JdbcSettings withDriver(Path jar, JdbcSettings like) {
    JdbcSettings.Access access = like.access();
    return new JdbcSettings(
        like.name(),
        new JdbcSettings.Access(
            access.url(), access.properties(), access.schema(), Optional.of(jar)),
        like.extraction());
  }

  static JdbcSettings reading(String stream, StreamPlan plan, JdbcSettings like) {
    return reading(stream, plan, like.terms().drift(), like);
  }

  static JdbcSettings reading(
      String stream, StreamPlan plan, DriftPolicy drift, JdbcSettings like) {
    Terms as = like.terms();
    return on(
        new Terms(Map.of(stream, plan), drift, as.limits(), as.maxRejected(), as.compare()), like);
  }

  static JdbcSettings leavingOut(long most, JdbcSettings like) {
    Terms as = like.terms();
    return on(new Terms(as.plans(), as.drift(), as.limits(), most, as.compare()), like);
  }

  static JdbcSettings over(int width, JdbcSettings like) {
    return with(
        like,
        new JdbcSettings.Extraction(like.extraction().statementTimeout(), width, like.terms()));
  }

  static JdbcSettings sparing(ImpactLimits limits, JdbcSettings like) {
    Terms as = like.terms();
    return on(new Terms(as.plans(), as.drift(), limits, as.maxRejected(), as.compare()), like);
  }

  static JdbcSettings within(Duration statement, JdbcSettings like) {
    return with(
        like,
        new JdbcSettings.Extraction(statement, like.extraction().connections(), like.terms()));
  }

  private static JdbcSettings on(Terms terms, JdbcSettings like) {
    JdbcSettings.Extraction as = like.extraction();
    return with(like, new JdbcSettings.Extraction(as.statementTimeout(), as.connections(), terms));
  }

  private static JdbcSettings with(JdbcSettings like, JdbcSettings.Extraction extraction) {
    return new JdbcSettings(like.name(), like.access(), extraction);
  }
}
