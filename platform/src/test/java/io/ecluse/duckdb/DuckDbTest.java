package io.ecluse.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.engine.EngineSettings;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuckDbTest {
  @TempDir Path folder;

  @Test
  void theEngineItselfRefusesAnotherFile() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret.csv"), "a,b\nhidden,hidden\n");
    EngineSettings settings =
        new EngineSettings(64L << 20, 1, folder.resolve("spill"), 1L << 20, List.of());
    try (DuckDb database = DuckDb.unlocked(settings)) {
      database.lock(List.of(folder.resolve("other.csv").toString()));
      DuckDbSession session = database.open();
      for (String sql :
          List.of(
              "select * from '%s'".formatted(secret),
              "from read_text('%s')".formatted(secret),
              "set allowed_paths = ['%s']".formatted(secret),
              "set enable_external_access = true",
              "copy (select 1) to '%s'".formatted(secret))) {
        assertThatThrownBy(() -> session.execute(sql)).as(sql).isInstanceOf(EcluseException.class);
      }
    }
  }

  @Test
  void aQueryThatEndsJustAsItIsCancelledIsNoFault() throws InterruptedException {
    EngineSettings settings =
        new EngineSettings(64L << 20, 1, folder.resolve("spill"), 1L << 20, List.of());
    AtomicReference<RuntimeException> fault = new AtomicReference<>();
    try (DuckDb database = DuckDb.unlocked(settings)) {
      for (int i = 0; i < 500; i++) {
        AtomicBoolean ended = new AtomicBoolean();
        try (DuckDbSession session = database.open()) {
          Thread other =
              new Thread(
                  () -> {
                    try {
                      while (!ended.get()) {
                        session.cancel();
                      }
                    } catch (RuntimeException e) {
                      fault.set(e);
                    }
                  });
          other.start();
          try {
            session.execute("select 1");
          } catch (EcluseException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED);
          }
          ended.set(true);
          other.join();
        }
      }
    }
    assertThat(fault).hasNullValue();
  }
}
