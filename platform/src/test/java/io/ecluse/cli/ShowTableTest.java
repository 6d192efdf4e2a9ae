package io.ecluse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.DemoFixture;
import io.ecluse.access.Caller;
import io.ecluse.access.Policy;
import io.ecluse.catalog.Tables;
import io.ecluse.scheduler.RunState;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ShowTableTest {
  private static final Caller CALLER = Caller.commandLine(Policy.OPEN);

  @TempDir Path temp;

  @Test
  void aTableIsShownWithWhatIsKnownOfItsColumnsAndABareNameLeadsToIt() {
    try (DemoFixture demo = DemoFixture.open(temp.resolve("supinfo"), 0.1)) {
      assertThat(demo.run().state()).isEqualTo(RunState.SUCCESS);
      Tables tables = demo.platform().catalog().tables();
      StringWriter text = new StringWriter();
      PrintWriter out = new PrintWriter(text);
      TablePrint.of(tables, CALLER, "marts.students")
          .text(out, new Times(java.time.ZoneOffset.UTC));
      out.flush();
      assertThat(text.toString())
          .startsWith("One row per student")
          .contains("unique, not_null")
          .contains("Mean of their grades, 0 to 100")
          .containsPattern("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d [+-]\\d\\d:\\d\\d");
      Assertions.assertThatThrownBy(() -> TablePrint.of(tables, CALLER, "students"))
          .hasMessage("There is no table students; did you mean marts.students or erp.students?");
    }
  }
}
