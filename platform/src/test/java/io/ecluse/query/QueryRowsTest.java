package io.ecluse.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.engine.Rows;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.warehouse.ReadView;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How rows are handed on: their values, their types, and as many as are wanted. */
@Timeout(120)
class QueryRowsTest {
  @RegisterExtension final LabQueries lab = new LabQueries();

  @Test
  void handsRowsOnWithTheirTypesWhateverTheirShape() throws IOException {
    List<Object> values = new ArrayList<>();
    Map<String, String> types =
        arrow(
            "select 1::bigint as n, 1.50::decimal(10,2) as price, null::varchar as word, {'a': [1, 2], 'b': map {'k': true}} as nested, timestamptz '2026-01-31 03:00:00Z' as at",
            values);
    assertThat(types)
        .containsEntry("n", "n: Int(64, true)")
        .containsEntry("price", "price: Decimal(10, 2, 128)")
        .containsEntry("word", "word: Utf8")
        .containsEntry("at", "at: Timestamp(MICROSECOND, UTC)");
    assertThat(types.get("nested")).contains("Struct<a: List<").contains("b: Map(");
    assertThat(values)
        .startsWith("1", "1.50", "null", "{\"a\":[1,2],\"b\":[{\"key\":\"k\",\"value\":true}]}");
    values.clear();

    arrow("select a.n from lab.numbers a, lab.numbers b order by a.n", values);
    assertThat(values).hasSize(1_000_000).startsWith("0").endsWith("999");
  }

  @Test
  void endsAQueryWhoseTypedRowsNobodyTakes() {
    OutputStream gone =
        new OutputStream() {
          @Override
          public void write(int one) throws IOException {
            throw new IOException("gone");
          }
        };
    String sql = "select a.n from lab.numbers a, lab.numbers b, lab.numbers c";
    assertThatThrownBy(
            () -> lab.queries().arrow(LabQueries.ticket(), sql, ReadView.PUBLISHED, gone))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(lab.one("select 42")).isEqualTo(42);
  }

  @Test
  void handsOnEveryKindOfValueAsItIs() {
    Object[] row =
        lab.rows(
                """
            select true, 1::tinyint, 2::bigint, 3::hugeint, 1.5::float, 2.5::double, 1.10::decimal(9,2), 'é',
              date '2026-01-31', time '03:04:05', timestamp '2026-01-31 03:04:05.123456',
              timestamptz '2026-01-31 03:04:05+02', '\\x01\\xFF'::blob,
              'e3b0c442-98fc-4c14-9af4-b9f3ce0c1d2e'::uuid, [1, null, 3], {'a': 1, 'b': ['x']},
              map {'k': 1.5}, null, interval 1 day, timestamp_ns '2026-01-31 03:04:05', [timestamp '2026-01-31 03:04:05'],
              [date '2026-01-31'], {'t': timestamptz '2026-01-31 03:04:05+02'}""")
            .get(0);

    assertThat(Stream.of(row).map(QueryRowsTest::spelled).toList())
        .containsExactly(
            "Boolean true",
            "Integer 1",
            "Long 2",
            "BigInteger 3",
            "Float 1.5",
            "Double 2.5",
            "BigDecimal 1.10",
            "String é",
            "LocalDate 2026-01-31",
            "LocalTime 03:04:05",
            "LocalDateTime 2026-01-31T03:04:05.123456",
            "OffsetDateTime 2026-01-31T01:04:05Z",
            "byte[] [1, -1]",
            "UUID e3b0c442-98fc-4c14-9af4-b9f3ce0c1d2e",
            "List [1, null, 3]",
            "Map {a=1, b=[x]}",
            "Map {k=1.5}",
            "null",
            "String 1 day",
            "LocalDateTime 2026-01-31T03:04:05",
            "List [2026-01-31T03:04:05]",
            "List [2026-01-31]",
            "Map {t=2026-01-31T01:04:05Z}");
  }

  @Test
  void readsSumsOfManyTerms() {
    String sum = IntStream.range(0, 400).mapToObj(i -> "n").collect(Collectors.joining(" + "));
    assertThat(lab.one("select " + sum + " from lab.numbers where n = 1")).hasToString("400");

    String deeper = IntStream.range(0, 5000).mapToObj(i -> "n").collect(Collectors.joining(" + "));
    assertThatThrownBy(() -> lab.one("select " + deeper + " from lab.numbers where n = 1"))
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.SQL_INVALID);
    String brackets = "(".repeat(5000) + "1" + ")".repeat(5000);
    assertThat(lab.one("select " + brackets)).isEqualTo(1);
  }

  @Test
  void endsAPageWhereItBecomesTooLong() {
    Path file = lab.queries().folder().resolve("result.parquet");
    lab.queries()
        .toParquet(
            LabQueries.ticket(),
            "select repeat('x', 100000) || n as long from lab.numbers where n < 200",
            ReadView.PUBLISHED,
            Target.all(file));

    List<Object[]> page = lab.queries().results().page(LabQueries.ticket(), file, 0, 500);
    assertThat(page.size()).isBetween(50, 150);
    assertThat(lab.queries().results().page(LabQueries.ticket(), file, 199, 500)).hasSize(1);
  }

  @Test
  void refusesToHandOnARowThatIsTooLong() {
    assertThatThrownBy(() -> lab.rows("select repeat('x', 20000000) as long"))
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.RESULT_TOO_LARGE);
  }

  @Test
  void stopsWhenNoMoreRowsAreWanted() {
    Rows rows = new Rows(3);
    lab.queries().stream(
        LabQueries.ticket(),
        "select a.n from lab.numbers a, lab.numbers b, lab.numbers c, lab.numbers d",
        ReadView.PUBLISHED,
        rows);
    assertThat(rows.all()).hasSize(3);
    assertThat(lab.one("select 1")).isEqualTo(1);
  }

  @Test
  @Timeout(120)
  void goesOnWhenAQueryEndsJustAsNoMoreRowsAreWanted() {
    for (int rows = 1; rows <= 300; rows++) {
      lab.queries().stream(
          LabQueries.ticket(),
          "select range from range(%d)".formatted(rows * 10),
          ReadView.PUBLISHED,
          new Rows(rows));
      assertThat(lab.one("select 1")).isEqualTo(1);
    }
  }

  private Map<String, String> arrow(String sql, List<Object> values) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    lab.queries().arrow(LabQueries.ticket(), sql, ReadView.PUBLISHED, out);
    Map<String, String> types = new LinkedHashMap<>();
    try (BufferAllocator allocator = new RootAllocator();
        ArrowStreamReader in =
            new ArrowStreamReader(new ByteArrayInputStream(out.toByteArray()), allocator)) {
      VectorSchemaRoot root = in.getVectorSchemaRoot();
      root.getSchema().getFields().forEach(f -> types.put(f.getName(), f.toString()));
      while (in.loadNextBatch()) {
        for (int row = 0; row < root.getRowCount(); row++) {
          for (FieldVector column : root.getFieldVectors()) {
            values.add(String.valueOf(column.getObject(row)));
          }
        }
      }
    }
    return types;
  }

  private static String spelled(Object value) {
    if (value == null) {
      return "null";
    } else if (value instanceof byte[] bytes) {
      return "byte[] " + java.util.Arrays.toString(bytes);
    }
    String kind =
        value instanceof List<?>
            ? "List"
            : value instanceof Map<?, ?> ? "Map" : value.getClass().getSimpleName();
    return kind + " " + value;
  }
}
