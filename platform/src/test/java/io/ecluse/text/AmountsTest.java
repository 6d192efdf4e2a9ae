package io.ecluse.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AmountsTest {
  @Test
  void keepsThousandsApart() {
    assertThat(Amounts.number(0)).isEqualTo("0");
    assertThat(Amounts.number(999)).isEqualTo("999");
    assertThat(Amounts.number(-1_234_567)).isEqualTo("-1 234 567");
    assertThat(Amounts.number(Long.MAX_VALUE)).isEqualTo("9 223 372 036 854 775 807");
  }

  @Test
  void writesBytesInTheLargestUnitOfWhichThereIsOne() {
    assertThat(Amounts.bytes(0)).isEqualTo("0 B");
    assertThat(Amounts.bytes(999)).isEqualTo("999 B");
    assertThat(Amounts.bytes(1_000)).isEqualTo("1.0 kB");
    assertThat(Amounts.bytes(1_234_567)).isEqualTo("1.2 MB");
    assertThat(Amounts.bytes(5_000_000_000_000_000L)).isEqualTo("5000.0 TB");
  }
}
