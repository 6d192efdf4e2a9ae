package io.ecluse.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlParamsTest {
  @Test
  void putsValuesInAsTextInQuotes() {
    String sql = "SELECT *\nFROM a.b WHERE c = ${param:x}\n  AND d=${param:y}||${param:x}";

    assertThat(SqlParams.bind(sql, Map.of("x", "BSC", "y", "it's; DROP TABLE a.b --")))
        .isEqualTo("SELECT *\nFROM a.b WHERE c = 'BSC'\n  AND d='it''s; DROP TABLE a.b --'||'BSC'");
    assertThat(SqlParams.names(sql)).containsExactly("x", "y");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT '${param:x}'",
        "SELECT \"${param:x}\"",
        "SELECT $$${param:x}$$",
        "SELECT 1 -- ${param:x}",
        "SELECT 1 /* ${param:x} /* ${param:x} */ */"
      })
  void leavesTextAndCommentsAlone(String sql) {
    assertThat(SqlParams.bind(sql, Map.of("x", "BSC"))).isEqualTo(sql);
  }

  @Test
  void putsAValueInOnceAndNotWhatItSpells() {
    assertThat(SqlParams.bind("SELECT ${param:x}", Map.of("x", "${param:y}", "y", "1")))
        .isEqualTo("SELECT '${param:y}'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"two\nlines", "a\\", "nul\0"})
  void refusesWhatEnginesReadDifferently(String value) {
    assertThatThrownBy(() -> SqlParams.bind("SELECT ${param:x}", Map.of("x", value)))
        .hasMessageContaining("parameter x must be one line")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.INVALID_USAGE);
  }

  @Test
  void refusesAParameterWithoutValue() {
    assertThatThrownBy(() -> SqlParams.bind("SELECT ${param:x}", Map.of("y", "1")))
        .hasMessageContaining("without the parameter x");
  }
}
