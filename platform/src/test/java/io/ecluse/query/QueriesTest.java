package io.ecluse.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.access.Action;
import io.ecluse.access.Subject;
import io.ecluse.engine.Cancellation;
import io.ecluse.engine.Rows;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.ReadView;
import io.ecluse.warehouse.ViewQuery;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who may read what, and for how long an answer is kept. */
@Timeout(120)
class QueriesTest {
  @RegisterExtension final LabQueries lab = new LabQueries();

  private Object kept(Ticket ticket) {
    String sql = "select random() from lab.numbers";
    return lab.queries().read(ticket, sql, ReadView.PUBLISHED, 1).rows().get(0)[0];
  }

  @Test
  void readsAgainWhatWasPublishedMeanwhileAndNothingElse() {
    Object first = kept(LabQueries.ticket());
    assertThat(kept(LabQueries.ticket())).isEqualTo(first);
    assertThat(kept(Ticket.quick(Callers.named("bob"), new Cancellation()))).isEqualTo(first);

    lab.publish("run2", "select 1 as n");

    assertThat(kept(LabQueries.ticket())).isNotEqualTo(first);
  }

  @Test
  void readsAgainAfterAMinuteWhatDependsOnTheTimeOrOnChance() {
    lab.warehouse()
        .stageView(
            "run2",
            new TableName("lab", "chance"),
            List.of(new Column("r", DataType.DOUBLE)),
            new ViewQuery("select random() as r from lab.numbers", List.of(LabQueries.NUMBERS)));
    lab.warehouse().publish("run2");
    for (String sql :
        List.of("select random() from lab.numbers", "select r from lab.chance", "select now()")) {
      Object first = first(sql);
      assertThat(first(sql)).as(sql).isEqualTo(first);
      lab.nanos().addAndGet(TimeUnit.MINUTES.toNanos(1));
      assertThat(first(sql)).as(sql).isNotEqualTo(first);
    }
  }

  @Test
  void doesNotMentionATableThatIsNotForTheCaller() {
    String missing = "from lab.number";
    assertThatThrownBy(() -> lab.rows(missing)).hasMessageContaining("lab.numbers");
    assertThatThrownBy(() -> lab.rows("from numbers")).hasMessageContaining("lab.numbers");
    lab.hide((caller, action, subject) -> subject.equals(Subject.table(LabQueries.NUMBERS)));
    assertThatThrownBy(() -> lab.rows(missing)).hasMessageNotContaining("lab.numbers");
    assertThatThrownBy(() -> lab.rows("from numbers")).hasMessageNotContaining("lab.numbers");
  }

  private Object first(String sql) {
    return lab.queries().read(LabQueries.ticket(), sql, ReadView.PUBLISHED, 1).rows().get(0)[0];
  }

  @Test
  void showsNobodyWhatWasReadForOthersOfAnotherRole() {
    Object first = kept(Ticket.quick(Callers.named("ada", "teacher"), new Cancellation()));
    Ticket pupil = Ticket.quick(Callers.named("bob", "pupil"), new Cancellation());
    assertThat(kept(pupil)).isNotEqualTo(first);
  }

  @Test
  void readsNoTableThatIsNotForTheCallerWhateverWasReadBefore() {
    Object first = kept(LabQueries.ticket());
    lab.hide(
        (caller, action, subject) ->
            caller.name().equals("bob")
                && action == Action.READ_ROWS
                && subject.equals(Subject.table(LabQueries.NUMBERS)));
    Ticket bob = Ticket.quick(Callers.named("bob"), new Cancellation());

    assertThat(kept(LabQueries.ticket())).isEqualTo(first);
    assertForbidden(() -> kept(bob));
    assertForbidden(
        () ->
            lab.queries().stream(
                bob, "with x as (from lab.NUMBERS) from x", ReadView.PUBLISHED, new Rows()));
    Path file = lab.folder().resolve("bob.parquet");
    assertForbidden(() -> lab.queries().export(bob, "from lab.numbers", ReadView.PUBLISHED, file));
    assertThat(file).doesNotExist();
    assertThat(lab.queries().read(bob, "select 1", ReadView.PUBLISHED, 1).rows()).hasSize(1);
  }

  @Test
  void exportsNoRowsThatAreToBeReadOnly() {
    lab.hide((caller, action, subject) -> action == Action.EXPORT_ROWS);
    Path file = lab.folder().resolve("numbers.parquet");
    assertForbidden(
        () ->
            lab.queries()
                .export(LabQueries.ticket(), "from lab.numbers", ReadView.PUBLISHED, file));
    assertThat(lab.rows("from lab.numbers")).hasSize(1000);

    lab.hide((caller, action, subject) -> false);
    lab.queries().export(LabQueries.ticket(), "from lab.numbers", ReadView.PUBLISHED, file);
    assertThat(file).isNotEmptyFile();
  }

  private static void assertForbidden(ThrowingCallable read) {
    assertThatThrownBy(read)
        .extracting(e -> ((EcluseException) e).code())
        .isEqualTo(ErrorCode.FORBIDDEN);
  }
}
