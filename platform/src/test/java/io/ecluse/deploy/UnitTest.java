package io.ecluse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The units are right and hardened, as systemd itself sees it; and it notices what is not. */
class UnitTest {
  private static final String SERVER = "ecluse.service";

  /** The most that a unit may be exposed: 10 is anything, 0 is nothing. */
  private static final double MOST = 2.0;

  @TempDir Path folder;

  @BeforeEach
  void isThereSystemd() {
    Deploy.need("units of systemd are", "systemd-analyze");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ecluse.service",
        "ecluse-worker@.service",
        "ecluse-backup.service",
        "ecluse-backup.timer"
      })
  void systemdFindsNothingWrong(String name) throws IOException {
    assertThat(Unit.of(name).verified(folder)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ecluse.service", "ecluse-worker@.service", "ecluse-backup.service"})
  void systemdFindsItHardlyExposed(String name) throws IOException {
    Unit unit = Unit.of(name);
    if (!name.contains("@")) {
      assertThat(unit.exposure(folder)).isLessThan(MOST);
    }
    assertThat(unit.values("User")).containsExactly("ecluse");
    assertThat(unit.values("NoNewPrivileges")).containsExactly("yes");
  }

  /** A worker is a server without a door, and nothing else. */
  @Test
  void aWorkerIsAsHardenedAsTheServer() {
    assertThat(hardening("ecluse-worker@.service")).isEqualTo(hardening(SERVER));
    assertThat(hardening("ecluse-backup.service")).isEqualTo(hardening(SERVER));
  }

  private static List<String> hardening(String name) {
    return Unit.of(name)
        .text()
        .lines()
        .dropWhile(line -> !line.startsWith("UMask="))
        .takeWhile(line -> !line.startsWith("[Install]"))
        .filter(line -> !line.isBlank())
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PrivateTmp=yes | PrivateTemp=yes | Unknown key 'PrivateTemp'",
        "Restart=on-failure | Restart=sometimes | Failed to parse service restart specifier",
        "ExecStart=/opt/ecluse/ecluse server | ExecStart=/opt/nothing/ecluse server | is not executable",
        "User=ecluse | User= | ''",
      })
  void aMistakeIsFoundOut(String before, String after, String told) throws IOException {
    Unit planted = Unit.of(SERVER).planted(before, after);
    if (told.isEmpty()) {
      assertThat(planted.exposure(folder)).isGreaterThan(Unit.of(SERVER).exposure(folder));
    } else {
      assertThat(planted.verified(folder)).contains(told);
    }
  }

  @Test
  void rightsThatAreLeftAreFoundOut() throws IOException {
    Unit open =
        Unit.of(SERVER)
            .planted("User=ecluse\n", "")
            .planted("CapabilityBoundingSet=\n", "")
            .planted("NoNewPrivileges=yes\n", "");
    assertThat(open.exposure(folder)).isGreaterThan(MOST);
  }
}
