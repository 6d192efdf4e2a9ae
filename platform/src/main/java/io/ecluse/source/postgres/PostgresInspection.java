package io.ecluse.source.postgres;

import io.ecluse.source.Discovery;
import io.ecluse.source.FindingListener;
import io.ecluse.source.SourceInspection;
import io.ecluse.source.Terms;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * Looks at a PostgreSQL (10 and later). No statement takes longer than 10 seconds there.
 *
 * @param old from when on a transaction is worth telling of
 */
record PostgresInspection(PostgresSourceSettings settings, Duration old)
    implements SourceInspection {
  private static final Duration LONGEST_STATEMENT = Duration.ofSeconds(10);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  /**
   * @param settings as an extract would have them
   */
  PostgresInspection(PostgresSourceSettings settings) {
    this(settings, Duration.ofMinutes(10));
  }

  @Override
  public Discovery discover(InspectionListener listener) {
    PostgresSourceSettings brief = brief();
    PostgresErrors errors = new PostgresErrors(brief);
    try (Connection connection = new PostgresConnections(brief, errors).open()) {
      return new PostgresDiscovery(brief, errors, connection, listener).run();
    } catch (SQLException e) {
      throw errors.reading("looking at the tables", e);
    }
  }

  @Override
  public void check(List<WantedStream> wanted, FindingListener found) {
    new PostgresCheck(settings, brief(), old, wanted, found).run();
  }

  /** Policies apply: what they hide is told, and what they show may be looked at. */
  private PostgresSourceSettings brief() {
    return new PostgresSourceSettings(
        settings.name(),
        settings.server(),
        settings.schema(),
        new PostgresSourceSettings.Session(
            settings.session().connections(),
            LONGEST_STATEMENT,
            LONGEST_WAIT,
            PostgresSourceSettings.RowSecurity.APPLY),
        Terms.USUAL,
        settings.rangePages());
  }
}
