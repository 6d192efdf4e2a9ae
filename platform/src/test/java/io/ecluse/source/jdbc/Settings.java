package io.ecluse.source.jdbc;

import io.ecluse.schema.DriftPolicy;
import io.ecluse.source.ImpactLimits;
import io.ecluse.source.StreamPlan;
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
        new JdbcSettings.Extraction(
            Duration.ofMinutes(5), Map.of(), DriftPolicy.EVOLVE, 1, ImpactLimits.NONE, 0));
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
    return reading(stream, plan, like.extraction().drift(), like);
  }

  static JdbcSettings reading(
      String stream, StreamPlan plan, DriftPolicy drift, JdbcSettings like) {
    JdbcSettings.Extraction as = like.extraction();
    return with(
        like,
        new JdbcSettings.Extraction(
            as.statementTimeout(),
            Map.of(stream, plan),
            drift,
            as.connections(),
            as.limits(),
            as.maxRejected()));
  }

  static JdbcSettings leavingOut(long most, JdbcSettings like) {
    JdbcSettings.Extraction as = like.extraction();
    return with(
        like,
        new JdbcSettings.Extraction(
            as.statementTimeout(), as.plans(), as.drift(), as.connections(), as.limits(), most));
  }

  static JdbcSettings over(int width, JdbcSettings like) {
    JdbcSettings.Extraction as = like.extraction();
    return with(
        like,
        new JdbcSettings.Extraction(
            as.statementTimeout(), as.plans(), as.drift(), width, as.limits(), as.maxRejected()));
  }

  static JdbcSettings sparing(ImpactLimits limits, JdbcSettings like) {
    JdbcSettings.Extraction as = like.extraction();
    return with(
        like,
        new JdbcSettings.Extraction(
            as.statementTimeout(),
            as.plans(),
            as.drift(),
            as.connections(),
            limits,
            as.maxRejected()));
  }

  static JdbcSettings within(Duration statement, JdbcSettings like) {
    JdbcSettings.Extraction as = like.extraction();
    return with(
        like,
        new JdbcSettings.Extraction(
            statement, as.plans(), as.drift(), as.connections(), as.limits(), as.maxRejected()));
  }

  private static JdbcSettings with(JdbcSettings like, JdbcSettings.Extraction extraction) {
    return new JdbcSettings(like.name(), like.access(), extraction);
  }
}
