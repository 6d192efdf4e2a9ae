package io.ecluse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The script that installs without containers, on this machine's own Debian, seen through an
 * overlay: what it changes lands in a folder below target, and the machine stays as it is.
 */
@Timeout(300)
class InstallIT {
  private static final Path HERE = Deploy.MADE.resolve("install");
  private static final Path CHANGED = HERE.resolve("changed");

  /** Does something where the script installs; what it prints is the output. */
  private static final String SEEN =
      """
      set -eu
      mount --make-rprivate /
      mount -t overlay -o lowerdir=/,upperdir=%1$s/changed,workdir=%1$s/work overlay %1$s/machine
      mount -t proc proc %1$s/machine/proc
      mount --rbind /dev %1$s/machine/dev
      mount -t tmpfs none %1$s/machine/tmp
      %2$s
      """;

  @BeforeEach
  void aMachine() throws IOException {
    String what = "the installation without containers is";
    Deploy.skipUnless("root".equals(System.getProperty("user.name")), what, "this is not root");
    Deploy.need(what, "unshare", "useradd", "setpriv");
    boolean debian = Deploy.run("grep", "-q", "ID=debian", "/etc/os-release").status() == 0;
    Deploy.skipUnless(debian, what, "this is no Debian");
    Deploy.skipUnless(
        Files.exists(Path.of("target/ecluse-platform.jar")), what, "the product is not packaged");
    Deploy.run("rm", "-rf", HERE.toString()).orFail();
    for (String each : List.of("changed", "work", "machine")) {
      Files.createDirectories(HERE.resolve(each));
    }
  }

  private static String seen(String commands) {
    return Deploy.run(
            Map.of(),
            Deploy.ROOT,
            List.of(
                "unshare",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
                "sh",
                "-c",
                SEEN.formatted(HERE, commands)))
        .orFail();
  }

  @Test
  void installsStartsInstallsAgainAndLeavesTheProjectWhenItGoes() throws IOException {
    String machine = HERE.resolve("machine").toString();
    String install = "deploy/systemd/install --root " + machine;
    String said = seen(install + "\n" + start(machine) + "\n" + install);
    assertThat(said)
        .contains("Next: sudo -u ecluse ecluse init")
        .contains("Made ")
        .contains("answers 200")
        .doesNotContain("root owns");

    assertThat(mode("opt/ecluse")).isEqualTo("0:755");
    assertThat(mode("opt/ecluse/ecluse-platform.jar")).isEqualTo("0:644");
    assertThat(mode("etc/ecluse/secrets")).isEqualTo("0:750");
    String user = mode("var/lib/ecluse/project").split(":")[0];
    assertThat(user).isNotEqualTo("0");
    assertThat(mode("var/lib/ecluse/project")).endsWith(":700");
    assertThat(mode("var/lib/ecluse/project/ecluse.yaml")).startsWith(user + ":");
    assertThat(CHANGED.resolve("etc/systemd/system/ecluse.service")).exists();
    assertThat(CHANGED.resolve("opt/.ecluse.old")).doesNotExist();

    assertThat(seen(install + " --remove")).contains("Removed; the project is still");
    assertThat(CHANGED.resolve("opt/ecluse")).doesNotExist();
    assertThat(CHANGED.resolve("etc/systemd/system/ecluse.service")).doesNotExist();
    assertThat(CHANGED.resolve("var/lib/ecluse/project/ecluse.yaml")).exists();
    assertThat(CHANGED.resolve("etc/ecluse/environment")).exists();
  }

  /** What the unit starts, as its user and with its settings, until it is well; then its end. */
  private static String start(String machine) {
    Unit unit = Unit.of("ecluse.service");
    String environment = String.join(" ", unit.values("Environment"));
    String as =
        "chroot %s setpriv --reuid=ecluse --regid=ecluse --clear-groups --no-new-privs env -i PATH=/usr/bin:/bin %s"
            .formatted(machine, environment);
    return """
        install -d -m 700 -o "$(stat -c %%u %1$s/var/lib/ecluse)" -g "$(stat -c %%g %1$s/var/lib/ecluse)" %1$s/var/cache/ecluse
        %2$s /opt/ecluse/ecluse init /var/lib/ecluse/project
        umask %3$s
        %2$s ECLUSE_PORT=0 ECLUSE_HEALTH_PORT=0 %4$s > %5$s/log 2>&1 &
        server=$!
        until grep -q 'Ctrl-C ends it' %5$s/log; do kill -0 $server || { cat %5$s/log; exit 1; }; sleep 0.1; done
        url=$(sed -n 's/.* at \\(http.*\\)/\\1/p' %5$s/log)
        %2$s java -cp /opt/ecluse/ecluse-platform.jar io.ecluse.cli.HealthCheck "$url/health/ready"
        find %1$s/var/lib/ecluse -user root -printf 'root owns %%p\\n'
        kill $server
        wait $server || [ $? = 143 ]
        """
        .formatted(machine, as, unit.values("UMask").get(0), unit.values("ExecStart").get(0), HERE);
  }

  private static String mode(String file) throws IOException {
    Path path = CHANGED.resolve(file);
    return Files.getAttribute(path, "unix:uid")
        + ":"
        + Integer.toOctalString((int) Files.getAttribute(path, "unix:mode") & 07777);
  }
}
