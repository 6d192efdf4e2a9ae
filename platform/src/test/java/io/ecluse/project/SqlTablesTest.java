package io.ecluse.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlTablesTest {
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
        "select * from (a.b), c.d | a.b c.d",
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
        "select count(*) filter (where x), y from a.b group by 2 having count(*) > 1, t.c | a.b",
        "select * from (values (1, 2)) v, a.b | a.b",
        "select a.b, c.d from e . f | e.f",
      })
  void findsTheTablesThatSqlReads(String sql, String expected) {
    Problems problems = new Problems();
    List<String> found =
        SqlLexer.read(sql, problems.in("x.sql")).stream()
            .flatMap(tokens -> SqlTables.in(tokens, problems.in("x.sql")).stream())
            .map(reference -> reference.table().toString())
            .toList();

    assertThat(problems.sorted()).isEmpty();
    assertThat(String.join(" ", found)).isEqualTo(expected);
  }
}
