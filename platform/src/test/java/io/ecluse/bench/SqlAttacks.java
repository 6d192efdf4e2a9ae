package io.ecluse.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Queries that reach for files, settings and what errors tell. */
final class SqlAttacks {
  private static final Duration EACH = Duration.ofSeconds(10);
  private static final String CANARY = "canary-5f1d";

  /** {@code FILE} is a file that no query may read. */
  private static final List<String> READERS =
      List.of(
          "select t.* from \"FILE\" t, (with \"FILE\" as (select 1 z) select * from \"FILE\") x",
          "select t.* from 'FILE' t, (with \"FILE\" as (select 1 z) select * from \"FILE\") x",
          "with a as (with \"FILE\" as (select 1 z) select * from \"FILE\") select * from a, \"FILE\"",
          "select (with \"FILE\" as (select 1) select 1), t.* from \"FILE\" t",
          "select * from (with \"FILE\" as (select 1 z) select 1 y) a, lateral (select * from \"FILE\") b",
          "with recursive r as (select 1 n union all select n + 1 from r, \"FILE\" where n < 2) select * from r",
          "select * from read_csv('FILE')",
          "select * from read_text('FILE')",
          "select content from read_blob('FILE')",
          "select * from 'FILE'",
          "from 'FILE'",
          "from \"FILE\"",
          "pivot 'FILE' on canary",
          "describe 'FILE'",
          "summarize 'FILE'",
          "explain analyze select * from 'FILE'",
          "select * from erp.campuses where name in (select content from read_text('FILE'))",
          "select * from query('select * from ''FILE''')",
          "select * from query_table('FILE')",
          "select * from glob('FILE*')",
          "select * from parquet_metadata('FILE')",
          "select * from sniff_csv('FILE')",
          "copy (select 1) to 'FILE'",
          "attach 'FILE' as other",
          "install httpfs",
          "load httpfs",
          "set memory_limit = '100GB'",
          "pragma database_list",
          "call duckdb_settings()",
          "select 1; select * from 'FILE'");

  /** What may tell where files are, or how the engine is set. */
  private static final List<String> TELLERS =
      List.of(
          "select current_setting('temp_directory') as v",
          "select current_setting('allowed_directories') as v",
          "select current_setting('allowed_paths') as v",
          "select current_setting('home_directory') as v",
          "select * from duckdb_settings()",
          "select * from duckdb_views()",
          "select * from duckdb_databases()",
          "select sql from sqlite_master",
          "select view_definition from information_schema.views",
          "select * from pg_catalog.pg_views",
          "select getenv('HOME') as v",
          "explain select * from erp.campuses",
          "select error('x') from erp.campuses");

  private final Trials trials;
  private final Subject subject;
  private final TrialServer server;

  SqlAttacks(Trials trials, Subject subject, TrialServer server) {
    this.trials = trials;
    this.subject = subject;
    this.server = server;
  }

  void run() throws Exception {
    Path state = subject.project().resolve(".ecluse");
    for (String folder : List.of("warehouse/dev", "staging/dev", "spill", "secrets")) {
      Path file = state.resolve(folder).resolve("canary.csv");
      Files.createDirectories(file.getParent());
      Files.writeString(file, "canary\n" + CANARY + "\n");
      for (String sql : READERS) {
        trials.run(folder + ": " + sql, EACH, () -> requireNothing(sql, file.toString()));
      }
      Files.delete(file);
    }
    for (String sql : TELLERS) {
      trials.run("tells no path: " + sql, EACH, () -> requireNoPath(sql));
    }
    trials.run("an address in a failing cast is not stored", EACH, this::cast);
    for (int terms : List.of(400, 5_000)) {
      trials.run("a sum of " + terms + " terms is no INTERNAL", EACH, () -> sum(terms));
    }
    trials.run("still serves what is allowed", EACH, this::allowed);
  }

  private void requireNothing(String template, String file) throws Exception {
    String sql = template.replace("FILE", file);
    String answer = server.outcome(sql, EACH).replace(sql, "").replace("\\\"", "\"");
    Trials.require(!answer.contains(CANARY), "It read the file: " + answer);
    Trials.require(!answer.contains("\"INTERNAL\""), "INTERNAL: " + answer);
    Trials.require(!TrialServer.state(answer).equals("done"), "It ran: " + answer);
  }

  private void requireNoPath(String sql) throws Exception {
    String answer = server.outcome(sql, EACH);
    String folder = subject.project().toString();
    Trials.require(!answer.contains(folder), "It tells where files are: " + answer);
    Trials.require(!answer.contains("/.ecluse/"), "It tells where files are: " + answer);
  }

  private void cast() throws Exception {
    String model = "models/marts/leaky.sql";
    Path file = subject.project().resolve(model);
    Files.writeString(file, "select cast(email as integer) as n from erp.students\n");
    try {
      Subject.Ended ended = subject.run("build", "marts.leaky");
      ended.requireCode(1, 2);
      Trials.require(!ended.output().contains("@"), "It prints an address: " + ended.output());
      String runs = server.get("/api/v1/runs").body();
      String run = TrialServer.id(runs);
      String stored = server.get("/api/v1/runs/" + run).body();
      Trials.require(!stored.contains("@"), "The run keeps an address: " + stored);
    } finally {
      Files.delete(file);
    }
  }

  private void sum(int terms) throws Exception {
    String answer = server.outcome("select " + "1 + ".repeat(terms) + "1 as n", EACH);
    Trials.require(
        !answer.toUpperCase(Locale.ROOT).contains("\"INTERNAL\""),
        "INTERNAL: " + answer.substring(Math.max(0, answer.length() - 300)));
  }

  private void allowed() throws Exception {
    for (String sql :
        List.of(
            "select count(*) as n from erp.campuses",
            "with c as (select * from erp.campuses) select count(*) as n from c",
            "select * from (values ('A', 1), ('B', NULL)) t(a, b)",
            "select * from range(3)",
            "from erp.campuses select city limit 1")) {
      String answer = server.outcome(sql, EACH);
      Trials.require(TrialServer.state(answer).equals("done"), sql + ": " + answer);
    }
  }
}
