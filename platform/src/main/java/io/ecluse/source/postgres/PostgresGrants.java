package io.ecluse.source.postgres;

import io.ecluse.schema.Column;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The SQL that gives a reader the rights it lacks, ready to run by whoever may. */
record PostgresGrants(String database, String schema, String user) {
  static PostgresGrants of(PostgresSourceSettings settings) {
    return new PostgresGrants(
        settings.server().database(), settings.schema(), settings.server().user());
  }

  String connect() {
    return "GRANT CONNECT ON DATABASE %s TO %s;".formatted(q(database), q(user));
  }

  String usage() {
    return "GRANT USAGE ON SCHEMA %s TO %s;".formatted(q(schema), q(user));
  }

  String select(Collection<String> tables) {
    return "GRANT SELECT ON %s TO %s;"
        .formatted(
            tables.stream().map(t -> q(schema) + "." + q(t)).collect(Collectors.joining(", ")),
            q(user));
  }

  String selectAll() {
    return "GRANT SELECT ON ALL TABLES IN SCHEMA %s TO %s;".formatted(q(schema), q(user));
  }

  /** For the tables that each owner makes from now on; PostgreSQL keeps these by who makes them. */
  List<String> selectFuture(Collection<String> owners) {
    return owners.stream()
        .map(
            owner ->
                "ALTER DEFAULT PRIVILEGES FOR ROLE %s IN SCHEMA %s GRANT SELECT ON TABLES TO %s;"
                    .formatted(q(owner), q(schema), q(user)))
        .toList();
  }

  /** All that is needed to read every table, those to come included. */
  List<String> everything(Collection<String> owners) {
    return Stream.concat(Stream.of(usage(), selectAll()), selectFuture(owners).stream()).toList();
  }

  /** To see the lag of replicas, and no row of any table. */
  String statistics() {
    return "GRANT pg_read_all_stats TO %s;".formatted(q(user));
  }

  String role(String setting) {
    return "ALTER ROLE %s %s;".formatted(q(user), setting);
  }

  private static String q(String identifier) {
    return Column.quote(identifier);
  }
}
