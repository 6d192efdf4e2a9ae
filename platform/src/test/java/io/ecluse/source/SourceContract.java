package io.ecluse.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.staging.BatchManifest;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * What every source keeps to. Each implementation's test extends it, and brings a system that holds
 * the streams {@code people}, {@code marks} and {@code empty}.
 */
public abstract class SourceContract extends SourceFixture {
  /** A row of {@code people}: id, name, born (a date), grade. Missing values are empty. */
  protected record Person(int id, String name, String born, String grade) {}

  protected static final List<Person> PEOPLE =
      List.of(
          new Person(1, "Zoë", "2001-02-03", "12.50"),
          new Person(2, "O'Brien; \"Bob\", Jr", "1999-12-31", ""),
          new Person(3, "", "", "0.25"));

  /** Rows of {@code marks}: id from 0, and {@link #mark}. */
  protected static final int MARKS = 30_000;

  /** The source of the name {@code school}, the streams filled. */
  protected abstract Source source() throws Exception;

  /** The same, where nobody answers. */
  protected abstract Source unreachable() throws Exception;

  /** The same, where somebody answers and says no. */
  protected abstract Source refused() throws Exception;

  protected static String mark(int id) {
    return "mark " + id * 7919L % 1009 + " é";
  }

  @Test
  void listsItsStreams() throws Exception {
    assertThat(source().streams())
        .extracting(s -> s.name().toLowerCase(java.util.Locale.ROOT))
        .contains("people", "marks", "empty");
  }

  @Test
  void landsEveryValueAndEveryNull() throws Exception {
    BatchManifest batch = extract(source(), "x1", name("people"));

    assertThat(batch.rows()).isEqualTo(PEOPLE.size());
    List<List<String>> rows = rows(batch, "select id, name, born, grade from %s order by id");
    for (int i = 0; i < PEOPLE.size(); i++) {
      Person person = PEOPLE.get(i);
      assertThat(rows.get(i).get(0)).isEqualTo(String.valueOf(person.id()));
      assertThat(rows.get(i).get(1)).isEqualTo(orNull(person.name()));
      assertThat(rows.get(i).get(2)).isEqualTo(orNull(person.born()));
      assertThat(number(rows.get(i).get(3))).isEqualTo(number(orNull(person.grade())));
    }
  }

  private static String orNull(String text) {
    return text.isEmpty() ? "null" : text;
  }

  private static String number(String text) {
    return text.equals("null") ? text : new BigDecimal(text).stripTrailingZeros().toPlainString();
  }

  @Test
  void landsEveryRowOnce() throws Exception {
    BatchManifest batch = extract(source(), "x1", name("marks"));

    MessageDigest expected = MessageDigest.getInstance("SHA-256");
    MessageDigest landed = MessageDigest.getInstance("SHA-256");
    for (int i = 0; i < MARKS; i++) {
      expected.update((i + "=" + mark(i) + "\n").getBytes(StandardCharsets.UTF_8));
    }
    for (List<String> row : rows(batch, "select id, mark from %s order by id")) {
      landed.update((row.get(0) + "=" + row.get(1) + "\n").getBytes(StandardCharsets.UTF_8));
    }
    assertThat(batch.rows()).isEqualTo(MARKS);
    assertThat(HexFormat.of().formatHex(landed.digest()))
        .isEqualTo(HexFormat.of().formatHex(expected.digest()));
  }

  @Test
  void landsAStreamWithoutRows() throws Exception {
    BatchManifest batch = extract(source(), "x1", name("empty"));

    assertThat(batch.rows()).isZero();
    assertThat(rows(batch, "select count(*), max(id) from %s"))
        .containsExactly(List.of("0", "null"));
  }

  @Test
  void namesTheStreamsThereAreWhenOneIsMissing() throws Exception {
    Source source = source();

    assertThatThrownBy(() -> extract(source, "x1", "peopel"))
        .hasMessageContaining("peopel")
        .hasMessageContaining(name("people"))
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.SOURCE_MISSING_STREAM);
    assertThat(staging().list("school", "peopel")).isEmpty();
  }

  @Test
  void saysThatNobodyAnswersAndWhatToDo() throws Exception {
    EcluseException e = failure(unreachable());

    assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_UNREACHABLE);
    assertThat(e).hasMessageContaining("Source school");
    assertThat(e.getMessage()).containsPattern("check |\\?");
  }

  @Test
  void saysThatItIsRefusedAndWhatToDo() throws Exception {
    EcluseException e = failure(refused());

    assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_REFUSED);
    assertThat(e).hasMessageContaining("Source school").hasMessageNotContaining("not-the-password");
    assertThat(staging().list("school", name("people"))).isEmpty();
  }

  private static EcluseException failure(Source source) {
    return catchThrowableOfType(
        EcluseException.class, () -> source.extract(request("x1"), new Listener()));
  }

  @Test
  void leavesNothingBehindWhenItIsCancelled() throws Exception {
    Source source = source();
    Cancelling listener = new Cancelling();

    assertThatThrownBy(() -> source.extract(request("x1"), listener))
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.CANCELLED);
    assertThat(staging().streams("school"))
        .allSatisfy(stream -> assertThat(staging().list("school", stream)).isEmpty());
    assertThat(extract(source, "x2", name("marks")).rows()).isEqualTo(MARKS);
    assertThat(Files.exists(folder.resolve("staging/school/" + name("marks") + "/x1"))).isFalse();
  }

  @Test
  void extractsTwiceWithoutOneTouchingTheOther() throws Exception {
    Source source = source();

    BatchManifest first = extract(source, "x1", name("people"));
    BatchManifest second = extract(source, "x2", name("people"));
    staging().delete(first);

    assertThat(staging().reading().parts(second)).isNotEmpty();
    assertThat(second.rows()).isEqualTo(first.rows());
    assertThat(second.columns()).isEqualTo(first.columns());
  }

  /** The name as the source has it; some write all names in capitals. */
  protected String name(String stream) {
    return stream;
  }

  /** Cancels as soon as the first rows have been read. */
  private static final class Cancelling extends Listener {
    private final AtomicReference<Runnable> action = new AtomicReference<>(() -> {});

    @Override
    public void progress(long rows, long total) {
      action.get().run();
    }

    @Override
    public void onCancel(Runnable next) {
      action.set(next);
    }
  }
}
