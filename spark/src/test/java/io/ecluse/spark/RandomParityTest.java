package io.ecluse.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Queries that nobody thought of have the same rows on both engines; {@code bench/parity} asks
 * more.
 */
class RandomParityTest {
  private static final long SEED = 1;
  private static final int QUERIES = 150;

  @Test
  void randomQueriesOfThePortableSubsetAreTheSame(@TempDir Path folder)
      throws SQLException, IOException {
    try (RandomParity parity = RandomParity.open(folder)) {
      RandomParity.Report report = parity.ask(SEED, asked -> asked < QUERIES);
      assertThat(report.differences()).isEmpty();
      assertThat(report.failures()).as("most of them run").isLessThan(QUERIES / 4);
    }
  }
}
