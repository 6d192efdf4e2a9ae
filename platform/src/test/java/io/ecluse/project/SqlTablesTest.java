package io.ecluse.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.duckdb.EngineParser;
import io.ecluse.schema.SqlParser;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlTablesTest {
  private static final SqlParser PARSER = new EngineParser();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "select * from a.b | a.b",
        "select * from a.b, c.d x, (select 1 from e.f) y | a.b c.d e.f",
        "select * from a.b left join c.d on a.b.x = c.d.y | a.b c.d",
        "select (select max(x) from a.b), y from c.d | a.b c.d",
        "select * from (a.b join c.d using (id)) | a.b c.d",
        "select * from (select * from a.b), c.d | a.b c.d",
        "with x as (select * from a.b), y (i, j) as materialized (select * from x) select * from y, X | a.b",
        "with recursive r as (select 1 union all select n + 1 from r) select * from r | ~~",
        "select extract(day from t.x), trim(both from t.y) from a.b t | a.b",
        "select * from a.b where x is not distinct from t.y | a.b",
        "select * from \"Odd\".\"the table\" | Odd.the table",
        "select 'from c.d', $$from e.f$$, E'\\'from g.h' from a.b -- from i.j | a.b",
        "select /* from c.d /* nested */ from e.f */ 1 from a.b | a.b",
        "select * from generate_series(1, 3), a.b | a.b",
        "select * from A.B union all select * from a.b | A.B",
        "select * from a.b t, lateral (select t.x from c.d) | a.b c.d",
        "from a.b select x | a.b",
        "select x from a.b order by f(t.y), t.z | a.b",
        "select * from a.b where x in (select y from c.d where z = 1) and w > 2 | a.b c.d",
        "select count(*) filter (where x), y from a.b group by 2 having count(*) > 1 order by t.c | a.b",
        "select * from (values (1, 2)) v, a.b | a.b",
        "select a.b, c.d from e . f | e.f",
        "FROM (VALUES ('A', 1), ('B', NULL)) t(a, b) | ~~",
        "select * from a.b t, unnest([1, 2]) u(x), lateral (select t.x + u.x) | a.b",
        "select * from (pivot a.b on x in ('p', 'q') using sum(y)) | a.b",
        "select x from a.b qualify row_number() over (partition by y order by z rows between 1 preceding and current row) = 1 | a.b",
        "select list_transform([1, 2], lambda v: v + 1), {'from': 1, 'b': [2]} from a.b | a.b",
        "select x[1:2], y::decimal(9, 2), * exclude (z) from a.b | a.b",
        "(select 1 from a.b) except all (select 2 from c.d) intersect select 3 from e.f | a.b c.d e.f",
        "with x as not materialized (select * from a.b where x in (from c.d select y)) from x | a.b c.d",
        "select from_date, \"select\" from a.b where $x$from c.d$x$ <> 'from e.f' | a.b",
        "select * from a.b asof join c.d using (k, t) | a.b c.d",
        "select * from a.b natural join c.d cross join e.f positional join g.h | a.b c.d e.f g.h",
        "select case when exists (from a.b) then 1 end from range(3) t(i) | a.b",
        "from a.b tablesample 10 percent | a.b",
        "select * from a.b where (x, y) in (select p, q from c.d) group by all order by all limit (select 1 from e.f) | a.b c.d e.f",
      })
  void findsTheTablesThatSqlReads(String sql, String expected) {
    Problems problems = new Problems();
    List<String> found =
        SqlTables.in(sql, Position.START, PARSER, problems.in("x.sql")).stream()
            .map(reference -> reference.table().toString())
            .toList();

    assertThat(problems.sorted()).isEmpty();
    assertThat(String.join(" ", found)).isEqualTo(expected);
  }
}
