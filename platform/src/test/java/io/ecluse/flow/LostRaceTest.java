package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Registrations;
import io.ecluse.demo.DemoProject;
import io.ecluse.duckdb.EngineParser;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.ProjectReader;
import io.ecluse.schema.TableName;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run is told whose tables another one published meanwhile. */
class LostRaceTest {
  private static final String RUN = "erp_daily-20260131T030000-4f2a";
  private static final TableName STUDENTS = new TableName("erp", "students");

  @TempDir Path folder;
  private LostRace race;

  @BeforeEach
  void read() {
    DemoProject.write(
        folder, 5432, new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary()));
    race =
        new LostRace(
            new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary())
                .read(folder)
                .orThrow());
  }

  @Test
  void saysFromWhereToRunAgain() {
    EcluseException error = race.error(RUN, List.of(STUDENTS));

    assertThat(error.code()).isEqualTo(ErrorCode.COMMIT_CONFLICT);
    assertThat(error.code().retryable()).isFalse();
    assertThat(error)
        .hasMessageContaining("erp.students: published by another run")
        .hasMessageContaining("ecluse run erp_daily --from load_erp.students");
  }

  @Test
  void namesNoTaskWhenTheTablesHaveNoneInCommon() {
    assertThat(race.error(RUN, List.of(STUDENTS, new TableName("erp", "teachers"))))
        .hasMessageEndingWith("ecluse run erp_daily");
    assertThat(race.error("gone-20260131T030000-4f2a", List.of(STUDENTS)))
        .hasMessageEndingWith("Run the same command again");
  }
}
