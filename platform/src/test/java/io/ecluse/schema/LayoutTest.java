package io.ecluse.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LayoutTest {
  @Test
  void readsWhatItWrites() {
    String text = "month(day), bucket(16, student id), truncate(4, code), campus";
    assertThat(text).matches(Layout.PARTITION);
    assertThat(Layout.partition(text))
        .extracting(String::valueOf)
        .containsExactly("month(day)", "bucket(16, student id)", "truncate(4, code)", "campus");
  }

  @Test
  void knowsAnOrderFromAColumn() {
    assertThat("campus, at desc,desc").matches(Layout.SORT);
    assertThat(Layout.sort("campus, at desc,desc"))
        .containsExactly(
            new Layout.Order("campus", Layout.Order.Direction.ASC),
            new Layout.Order("at", Layout.Order.Direction.DESC),
            new Layout.Order("desc", Layout.Order.Direction.ASC));
  }

  @Test
  void refusesWhatIcebergHasNoWordFor() {
    assertThat("bucket(0, id)").doesNotMatch(Layout.PARTITION);
    assertThat("bucket(id)").doesNotMatch(Layout.PARTITION);
    assertThat("week(day)").doesNotMatch(Layout.PARTITION);
    assertThat("month(day").doesNotMatch(Layout.PARTITION);
    assertThat("id,").doesNotMatch(Layout.SORT);
  }
}
