package io.ecluse.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.engine.EngineWords;
import org.junit.jupiter.api.Test;

class DuckDbWordsTest {
  @Test
  void theWordsAreThoseOfTheEngineAndNotOfAnotherDatabase() {
    EngineWords words = DuckDbWords.read();
    assertThat(words.keywords()).contains("select", "qualify", "pivot", "asof", "summarize");
    assertThat(words.types()).contains("varchar", "hugeint", "timestamp");
    assertThat(words.functions())
        .extracting(EngineWords.Function::name)
        .contains("date_trunc", "list_aggregate", "strftime", "count", "arg_max", "range")
        .doesNotContain("to_tsvector", "read_csv", "read_parquet", "duckdb_functions", "getenv");
    assertThat(words.functions())
        .filteredOn(f -> f.name().equals("date_trunc"))
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.kind()).isEqualTo("scalar");
              assertThat(f.parameters().split(", ")).hasSize(2);
            });
  }
}
