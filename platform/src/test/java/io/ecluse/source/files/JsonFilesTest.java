package io.ecluse.source.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.DataType;
import io.ecluse.source.FileFormat;
import io.ecluse.source.SourceFixture;
import io.ecluse.staging.BatchManifest;
import io.ecluse.storage.StorageSettings;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What JSON says lands as it says it. */
class JsonFilesTest extends SourceFixture {
  private static final Charset WINDOWS = Charset.forName("windows-1252");

  private Path write(String name, String text, Charset encoding) throws IOException {
    Path exports = Files.createDirectories(folder.resolve("exports"));
    return Files.writeString(exports.resolve(name), text, encoding);
  }

  private BatchManifest land(String name, String text, Map<String, DataType> types)
      throws IOException {
    return land(name, text, StandardCharsets.UTF_8, types);
  }

  private BatchManifest land(
      String name, String text, Charset encoding, Map<String, DataType> types) throws IOException {
    write(name, text, encoding);
    return land(name, encoding, types);
  }

  private BatchManifest land(String files, Charset encoding, Map<String, DataType> types) {
    FilesSettings.Stream stream =
        new FilesSettings.Stream(
            files,
            FilesSettings.Mode.FULL,
            Optional.empty(),
            FileFormat.Csv.USUAL,
            FileFormat.Sheet.USUAL,
            encoding,
            types);
    return extract(
        new FilesSource(
            new FilesSettings(
                "school",
                folder.resolve("exports").toString(),
                () -> StorageSettings.NONE,
                Map.of("people", stream)),
            stage(),
            files()),
        "x" + System.nanoTime(),
        "people");
  }

  private static List<String> columns(BatchManifest batch) {
    return batch.columns().stream()
        .map(c -> c.column().name() + " " + c.column().type().sql())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "12345678901234567.89",
        "0.1234567890123456789",
        "-0.1234567890123456789",
        "99999999999999999999",
        "18446744073709551616",
        "1e400",
        "-1E+400",
        "1e-400",
        "123456789012345678901234567890.123456789012345678901234567890",
        "9007199254740993.0"
      })
  void keepsTheDigitsOfANumberThatADoubleCannotHold(String number) throws IOException {
    for (String name : List.of("a.json", "a.ndjson")) {
      String rows =
          name.equals("a.json")
              ? "[{\"n\": 1.10}, {\"n\": %s}, {\"n\": [1.10, {\"x\": %s}]}]"
                  .formatted(number, number)
              : "{\"n\": 1.10}\n{\"n\": %s}\n{\"n\": [1.10, {\"x\": %s}]}\n"
                  .formatted(number, number);

      BatchManifest batch = land(name, rows, Map.of());

      assertThat(columns(batch)).containsExactly("n VARCHAR");
      assertThat(rows(batch, "select n from %s"))
          .containsExactly(
              List.of("1.10"), List.of(number), List.of("[1.10,{\"x\":%s}]".formatted(number)));
    }
  }

  @Test
  void knowsADoubleAsOtherProgramsWriteIt() throws IOException {
    List<String> numbers =
        List.of(
            "-123456.789012345",
            "0.1",
            "0.30000000000000004",
            "1.2345678901234567e+20",
            "1234567890123456.8");
    write(
        "a.json",
        numbers.stream().map("{\"n\": %s}"::formatted).collect(Collectors.joining(",", "[", "]")),
        StandardCharsets.UTF_8);
    write("b.csv", "n\n" + String.join("\n", numbers) + "\n", StandardCharsets.UTF_8);

    for (String file : List.of("a.json", "b.csv")) {
      BatchManifest batch = land(file, StandardCharsets.UTF_8, Map.of());

      assertThat(columns(batch)).as(file).containsExactly("n DOUBLE");
      assertThat(rows(batch, "select n::varchar from %s order by 1"))
          .as(file)
          .isEqualTo(numbers.stream().map(List::of).toList());
    }
    BatchManifest quoted = land("c.json", "[{\"n\": \"0.30000000000000004\"}]", Map.of());
    assertThat(columns(quoted)).as("a text in the file").containsExactly("n VARCHAR");
  }

  @Test
  void roundsNoWholeNumberBecauseAnotherFileHasAPoint() throws IOException {
    write("a.json", "[{\"n\": 9007199254740993, \"m\": 12}]", StandardCharsets.UTF_8);
    write("b.json", "[{\"n\": 7, \"m\": 1.5}]", StandardCharsets.UTF_8);
    write("c.csv", "n,m\n1.5,2\n", StandardCharsets.UTF_8);

    BatchManifest batch = land("*", StandardCharsets.UTF_8, Map.of());

    assertThat(columns(batch)).containsExactly("n VARCHAR", "m DOUBLE");
    assertThat(rows(batch, "select n, m from %s order by m"))
        .containsExactly(
            List.of("7", "1.5"), List.of("1.5", "2.0"), List.of("9007199254740993", "12.0"));
  }

  @Test
  void takesADeclaredDecimalFromTheText() throws IOException {
    Map<String, DataType> types = Map.of("x", DataType.decimal(20, 2));

    BatchManifest batch =
        land(
            "a.json",
            "[{\"x\": 12345678901234567.89}, {\"x\": \"12345678901234567.88\"}, {\"x\": 1.50e3},"
                + " {\"x\": 1.100}, {\"x\": -2}, {\"x\": null}, {\"x\": \"\"}]",
            types);

    assertThat(columns(batch)).containsExactly("x DECIMAL(20,2)");
    assertThat(rows(batch, "select x from %s"))
        .containsExactly(
            List.of("12345678901234567.89"),
            List.of("12345678901234567.88"),
            List.of("1500.00"),
            List.of("1.10"),
            List.of("-2.00"),
            List.of("null"),
            List.of("null"));
  }

  @Test
  void refusesAValueOfWhichADeclaredTypeWouldDropSomething() throws IOException {
    assertRefused("1.239", DataType.decimal(20, 2));
    assertRefused("12345678901234567.891", DataType.decimal(20, 2));
    assertRefused("1239e-3", DataType.decimal(20, 2));
    assertRefused("1234567890123456789.00", DataType.decimal(20, 2));
    assertRefused("1.5", DataType.BIGINT);
    assertRefused("99999999999999999999", DataType.BIGINT);
    assertRefused("1e400", DataType.DOUBLE);
    assertRefused("\"2026-01-02 03:04:05\"", DataType.DATE);
    assertRefused("\"2026-01-02 03:04:05.1234567\"", DataType.TIMESTAMP);
    assertRefused("\"2026-01-02T03:04:05+02:00\"", DataType.TIMESTAMP);
  }

  private void assertRefused(String value, DataType type) {
    assertThatThrownBy(
            () ->
                land("a.json", "[{\"x\": null}, {\"x\": %s}]".formatted(value), Map.of("x", type)))
        .as("%s as %s", value, type.sql())
        .hasMessageContaining("a.json, row 2: column x is to be " + type.sql())
        .hasMessageNotContaining(value)
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.DATA_INVALID);
  }

  @Test
  void takesADeclaredTypeThatHoldsWhatIsWritten() throws IOException {
    BatchManifest batch =
        land(
            "a.json",
            "[{\"n\": 1.0, \"z\": 0E-10, \"m\": 12e2, \"d\": \"2026-01-02 00:00:00\", \"r\": \"NaN\","
                + " \"t\": \"2026-01-02T03:04:05.1234560Z\"}]",
            Map.of(
                "n", DataType.BIGINT,
                "z", DataType.decimal(4, 0),
                "m", DataType.decimal(4, 0),
                "d", DataType.DATE,
                "r", DataType.DOUBLE,
                "t", DataType.TIMESTAMP));

    assertThat(rows(batch, "select n, z, m, d, r, t from %s"))
        .containsExactly(
            List.of("1", "0", "1200", "2026-01-02", "NaN", "2026-01-02 03:04:05.123456"));
  }

  @Test
  void readsWhatStandsOneAfterTheOtherAndWhatBeginsWithAMark() throws IOException {
    assertThat(rows(land("a.json", "{\"a\": 1}\n{\"b\": 2}", Map.of()), "select a, b from %s"))
        .containsExactly(List.of("1", "null"), List.of("null", "2"));
    assertThat(rows(land("b.json", "{\n\"a\": 1\n}", Map.of()), "select a from %s"))
        .containsExactly(List.of("1"));
    assertThat(rows(land("c.json", "\ufeff[{\"a\": 1}]", Map.of()), "select a from %s"))
        .containsExactly(List.of("1"));
    assertThat(rows(land("d.ndjson", "\ufeff{\"a\": 1}\n", Map.of()), "select a from %s"))
        .containsExactly(List.of("1"));
    assertThat(rows(land("e.json", "[{\"a\": \"é€\"}]", WINDOWS, Map.of()), "select a from %s"))
        .containsExactly(List.of("é€"));
  }

  @Test
  void landsNamesThatDifferInCaseAndRecordsWithoutAny() throws IOException {
    BatchManifest batch = land("a.json", "[{\"a\": 1, \"A\": \"x\"}, {}]", Map.of());

    assertThat(batch.rows()).isEqualTo(2);
    assertThat(columns(batch)).containsExactly("a BIGINT", "A_1 VARCHAR");
    assertThat(rows(batch, "select a, \"A_1\" from %s"))
        .containsExactly(List.of("1", "x"), List.of("null", "null"));
  }

  @Test
  void saysWhatIsWrongWithARecordButNotWhatStandsThere() throws IOException {
    assertInvalid("[{\"a\": 1}, {\"a\": \"Zoë\", \"a\": 2}]", "record 2: the key a is there twice");
    assertInvalid("[{\"\": \"Zoë\"}]", "record 1: a key is empty");
    assertInvalid("[{\"a\": 1}, null]", "record 2: values that are no objects");
    assertInvalid("\"Zoë\"", "record 1: values that are no objects");
    assertInvalid("[[{\"a\": \"Zoë\"}]]", "record 1: values that are no objects");
    assertInvalid("[{\"a\": \"\\ud800Zoë\"}]", "record 1: this holds half a character");
    assertInvalid("[{\"a\": " + "[".repeat(900) + "\"Zoë\"", "record 1: this is nested too deeply");
    assertInvalid(
        "[{\"a\": [" + "\"Zoë\",".repeat(4 << 20) + "1]}]", "record 1: this is longer than");
    assertInvalid("[{\"a\": \"Zoë\"}", "a.json, record 2: this is not JSON");
  }

  private void assertInvalid(String text, String why) {
    assertThatThrownBy(() -> land("a.json", text, Map.of()))
        .hasMessageContaining("a.json, ")
        .hasMessageContaining(why)
        .hasMessageNotContaining("Zoë")
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.DATA_INVALID);
  }
}
