package io.ecluse.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a query may not read, whatever its text. */
@Timeout(120)
class QueryTextsTest {
  @RegisterExtension static final LabQueries lab = new LabQueries();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select t.* from \"FILE\" t, (with \"FILE\" as (select 1 z) select * from \"FILE\") x",
        "with a as (with \"FILE\" as (select 1 z) select * from \"FILE\") select * from a, \"FILE\"",
        "with \"FILE\" as (select * from \"FILE\") select * from \"FILE\"",
        "with recursive \"FILE\" as (select * from \"FILE\" union all select * from \"FILE\") select * from \"FILE\"",
        "with a as (select * from \"FILE\"), \"FILE\" as (select 1) select * from a",
        "select (with \"FILE\" as (select 1) select 1 from \"FILE\"), (select count(*) from \"FILE\")",
        "select * from (pivot \"FILE\" on a in ('a') using count(*))",
        "select n from lab.numbers where exists (from \"FILE\")",
        "select n from lab.numbers order by (select max(a) from \"FILE\")",
        "select * from lab.numbers, lateral (select * from \"FILE\" where a = n)",
        "from \"FILE\" union all by name with \"FILE\" as (select 1) from \"FILE\"",
        "values ((select count(*) from \"FILE\"))",
        "select [x for x in (select list(a) from \"FILE\")]",
        "describe \"FILE\"",
        "summarize \"FILE\"",
        "explain select * from lab.numbers",
        "table \"FILE\"",
        "select current_setting('temp_directory')",
        "select getenv('PATH')",
        "select json_serialize_plan('select * from lab.numbers')",
        "select * from information_schema.tables",
        "select * from duckdb_settings",
        "select * from pg_catalog.pg_settings",
        "select * from pragma_database_list",
        "select * from sqlite_master",
        "from parquet_metadata('FILE')",
        "from query_table('FILE')",
      })
  void opensNoOtherFileWhateverTheText(String sql) throws IOException {
    Path secret = Files.writeString(lab.folder().resolve("secret.csv"), "a,b\nhidden,hidden\n");

    assertThatThrownBy(() -> lab.rows(sql.replace("FILE", secret.toString())))
        .isInstanceOf(EcluseException.class)
        .hasMessageNotContaining("hidden")
        .hasMessageNotContaining("people")
        .extracting(e -> ((EcluseException) e).code())
        .isIn(ErrorCode.SQL_INVALID, ErrorCode.NOT_FOUND);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "with a as (select 1 as x), b as (select x + 1 as x from A) select b.x from b, a",
        "with recursive t(i) as (select 1 union all select i + 1 from T where i < 2) select max(i) from t",
        "select max(x) from (values (1), (2)) v(x)",
        "with A as (from lab.numbers) select 2 from a where n = 2",
        "with a as (select 2 as x) select (select x from a)",
        "with a as (select 2 as x) select max(x) from (select x from a union all (with b as (from a) from b))",
      })
  void resolvesNamesByTheirScope(String sql) {
    assertThat(lab.one(sql)).asString().isEqualTo("2");
  }
}
