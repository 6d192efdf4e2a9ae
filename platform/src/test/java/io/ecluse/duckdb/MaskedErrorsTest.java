package io.ecluse.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.engine.EngineSettings;
import io.ecluse.error.EcluseException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskedErrorsTest {
  private static final String ROWS = " from (values ('ada@x.org', 4711815), ('b', 1)) t(email, n)";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select cast(email as integer)",
        "select email::date",
        "select n::tinyint",
        "select (n * 100000000000::bigint)::bigint * 1000000000000",
        "select strptime(email, '%d/%m/%Y')",
        "select error('no: ' || email)",
        "select list_value(email)::integer[]",
        "select n::decimal(3, 2)",
        "select json_extract(email, '$.x')",
        "select email::uuid",
        "select email::blob || chr(n)",
        "select regexp_matches('x', '(' || email)",
        "select make_date(n, n, n)",
      })
  void quotesNoValueOfARowWhereOthersReadIt(String sql) {
    try (DuckDb duckDb =
            new DuckDb(
                new EngineSettings(
                    64L << 20, 1, folder.resolve("spill"), 1L << 20, List.of(folder)));
        DuckDbSession session = duckDb.open()) {
      assertThatThrownBy(() -> session.query(sql + ROWS, 0, rows -> all(rows)))
          .isInstanceOf(EcluseException.class)
          .satisfies(
              e -> {
                for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                  assertThat(String.valueOf(cause.getMessage()))
                      .doesNotContain("ada")
                      .doesNotContain("4711815")
                      .doesNotContain(folder.toString());
                }
              });
    }
  }

  private static int all(java.sql.ResultSet rows) throws java.sql.SQLException {
    int count = 0;
    while (rows.next()) {
      rows.getObject(1);
      count++;
    }
    return count;
  }

  @Test
  void namesTheTypeAndTheColumn() {
    assertThat(
            MaskedErrors.masked(
                "Conversion Error",
                "Could not convert string 'ada@x.org' to INT32 when casting from source column email"))
        .startsWith("A value cannot be converted to INT32 (column email)")
        .doesNotContain("ada");
  }

  @Test
  void namesFilesWithoutTheirFolders() {
    assertThat(MaskedErrors.withoutPaths("Cannot open \"/srv/my data/w/x.parquet\": gone"))
        .isEqualTo("Cannot open \"…/x.parquet\": gone");
    assertThat(MaskedErrors.withoutPaths("Could not write /srv/spill/tmp.block: full"))
        .isEqualTo("Could not write …/tmp.block: full");
  }
}
