package io.ecluse.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.TableName;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyTest {
  private static final Policy READERS =
      new Policy() {
        @Override
        public boolean permits(Caller caller, Action action, Subject subject) {
          return caller.roles().contains("reader") && action == Action.READ_ROWS;
        }

        @Override
        public Set<String> roles(String name) {
          return name.equals("command line") ? Set.of("reader") : Set.of();
        }
      };

  @Test
  void permitsEverythingIfNothingElseIsSaid() {
    Caller caller = Caller.commandLine(Policy.OPEN);

    for (Action action : Action.values()) {
      Policy.OPEN.require(caller, action, Subject.PROJECT);
    }
    assertThat(caller.roles()).isEmpty();
  }

  @Test
  void asksByRolesThatThePolicyKnows() {
    Subject students = Subject.table(new TableName("ERP", "Students"));

    assertThat(READERS.permits(Caller.commandLine(READERS), Action.READ_ROWS, students)).isTrue();
    assertThat(READERS.permits(Caller.schedule(READERS), Action.READ_ROWS, students)).isFalse();
  }

  @Test
  void saysWhoMayNotDoWhat() {
    Caller caller = Caller.schedule(READERS);

    assertThatThrownBy(
            () ->
                READERS.require(
                    caller, Action.READ_ROWS, Subject.table(new TableName("ERP", "Students"))))
        .isInstanceOfSatisfying(
            EcluseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN))
        .hasMessage(
            "runs may not read rows: table erp.students; whoever decides on rights in this project can allow it");
    assertThatThrownBy(() -> READERS.require(caller, Action.SEE, Subject.every(Subject.Kind.QUERY)))
        .hasMessageContaining("runs may not see: queries;");
  }

  @Test
  void knowsNoCallerWithoutAName() {
    assertThatThrownBy(() -> new Caller(" ", Caller.Means.TOKEN, Set.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
