package io.ecluse.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A program in the root file system of an image, as an engine of containers would run it: mounts
 * and processes of its own, the root read-only, a /tmp and a volume, the image's user, no way to
 * more rights. The network is this machine's.
 */
final class Container implements AutoCloseable {
  /** Its arguments: root, volume, folder of secrets, user, folder to work in, and the program. */
  private static final String ENTER =
      """
      set -eu
      root=$1 volume=$2 secrets=$3 user=$4 place=$5 hidden=$6
      shift 6
      mount --bind "$root" "$root"
      mount -t tmpfs -o mode=0755 none "$root/run"
      mount -t tmpfs -o mode=1777,exec,nosuid,nodev none "$root/tmp"
      mount -t tmpfs -o mode=0755 none "$root/dev"
      for device in null zero full random urandom; do
        touch "$root/dev/$device"
        mount --bind "/dev/$device" "$root/dev/$device"
      done
      mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
      mkdir "$root/run/secrets"
      if [ "$secrets" != - ]; then mount --bind "$secrets" "$root/run/secrets"; fi
      mount --bind "$volume" "$root$place"
      for file in $hidden; do mount --bind /dev/null "$root$file"; done
      mount -o remount,ro,bind "$root"
      exec setpriv --clear-groups --no-new-privs unshare --root="$root" --wd="$place" --setgid="$user" --setuid="$user" "$@"
      """;

  private final Process process;
  private final Path output;

  private Container(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /**
   * What is to be run.
   *
   * @param root of the image
   * @param volume of this machine, mounted where the program works
   * @param secrets a folder, or {@code -} for none
   * @param user its number
   * @param place the image's working folder
   * @param environment all of it
   * @param hidden files of the image that are not to be there
   */
  record Setup(
      Path root,
      Path volume,
      String secrets,
      String user,
      String place,
      Map<String, String> environment,
      String hidden) {

    Setup with(String name, String value) {
      Map<String, String> more = new TreeMap<>(environment);
      more.put(name, value);
      return new Setup(root, volume, secrets, user, place, more, hidden);
    }

    Setup withSecrets(Path folder) {
      return new Setup(root, volume, folder.toString(), user, place, environment, hidden);
    }

    Setup on(Path other) {
      return new Setup(root, other, secrets, user, place, environment, hidden);
    }

    Setup without(String files) {
      return new Setup(root, volume, secrets, user, place, environment, files);
    }
  }

  static Container start(Setup setup, List<String> program) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "unshare",
                "--mount",
                "--pid",
                "--ipc",
                "--fork",
                "--kill-child",
                "sh",
                "-c",
                ENTER,
                "enter",
                setup.root().toString(),
                setup.volume().toString(),
                setup.secrets(),
                setup.user(),
                setup.place(),
                setup.hidden()));
    command.addAll(program);
    try {
      Path output = Files.createTempFile("ecluse-container-", ".txt");
      output.toFile().deleteOnExit();
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(output.toFile());
      builder.environment().clear();
      builder.environment().putAll(setup.environment());
      // of this machine's programs, until the image's begins
      builder.environment().put("PATH", "/usr/bin:/bin:/usr/sbin:/sbin");
      return new Container(builder.start(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String output() {
    return Deploy.text(output);
  }

  /** The program, the first process in there. */
  ProcessHandle program() {
    return process.toHandle().children().findFirst().orElseThrow();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for its end, and returns how it ended: 128 and the signal's number, if it was one. */
  int status() {
    try {
      if (!process.waitFor(180, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("Did not end:\n" + output());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits for its end, which must be a good one. */
  String orFail() {
    if (status() != 0) {
      throw new AssertionError("Ended with " + status() + ":\n" + output());
    }
    return output();
  }

  void awaitOutput(String text) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
    while (!output().contains(text)) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new AssertionError("Never printed '" + text + "':\n" + output());
      }
      pause();
    }
  }

  static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Tells the program to end, as an engine does, and waits for it. */
  int stop() {
    program().destroy();
    return status();
  }

  /** Another program beside it, as {@code docker exec} has it. */
  Deploy.Ended exec(Setup setup, String... program) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "nsenter",
                "--target",
                String.valueOf(program().pid()),
                "--mount",
                "--pid",
                "--ipc",
                "--root",
                "--wd=" + "/proc/" + program().pid() + "/root" + setup.place(),
                "--setgid",
                setup.user(),
                "--setuid",
                setup.user()));
    command.addAll(List.of(program));
    return Deploy.run(setup.environment(), Deploy.ROOT, command);
  }

  /** Whatever is left of it goes. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
