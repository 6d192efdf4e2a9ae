package io.ecluse.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Disks that lose their power, or are full. The power is cut by copying the image of a mounted file
 * system: what the copy holds is what had reached the disk. Needs root and loop devices.
 */
final class DiskFaults {
  private static final Duration LONG = Duration.ofMinutes(3);

  private static final long ENDS_SECONDS = 60;

  private final Trials trials;
  private final Subject subject;
  private final Path scratch;

  DiskFaults(Trials trials, Subject subject, Path scratch) {
    this.trials = trials;
    this.subject = subject;
    this.scratch = scratch;
  }

  void run() throws Exception {
    Path image = scratch.resolve("disk.img");
    Path mount = Files.createDirectory(scratch.resolve("disk"));
    if (!canMount(image, mount)) {
      trials.leaveOut("disks", "needs root, mkfs.ext4 and loop devices");
      return;
    }
    trials.run("power lost right after a publication", LONG, () -> power(image, mount));
    for (int free : new int[] {2, 10, 17, 18}) {
      trials.run(
          "disk with %d MB left full in a run, which ends; the next is whole".formatted(free),
          LONG,
          () -> full(mount, free));
    }
  }

  private static boolean canMount(Path image, Path mount) throws Exception {
    if (code("truncate", "-s", "1500M", image.toString()) != 0
        || code("mkfs.ext4", "-q", "-F", image.toString()) != 0
        || code("mount", "-o", "loop", image.toString(), mount.toString()) != 0) {
      return false;
    }
    return code("umount", mount.toString()) == 0;
  }

  private void power(Path image, Path mount) throws Exception {
    Path copy = scratch.resolve("copy.img");
    Path folder = mount.resolve("project");
    execute("mount", "-o", "loop", image.toString(), mount.toString());
    List<String> before;
    try {
      copyProject(folder);
      execute("sync");
      Subject here = subject.on(folder);
      here.run("run", "erp_daily").requireCode(0);
      execute("cp", "--sparse=always", image.toString(), copy.toString());
      before = here.contents();
    } finally {
      unmount(mount);
    }
    execute("mount", "-o", "loop", copy.toString(), mount.toString());
    try {
      Path state = folder.resolve(".ecluse");
      try (Stream<Path> files = Files.walk(state.resolve("warehouse"))) {
        long empty = files.filter(f -> f.toFile().isFile() && f.toFile().length() == 0).count();
        Trials.require(empty == 0, empty + " files of the warehouse are empty");
      }
      Trials.require(subject.on(folder).contents().equals(before), "Tables differ after it");
    } finally {
      unmount(mount);
      Files.delete(copy);
    }
  }

  private void full(Path mount, int left) throws Exception {
    execute("mount", "-t", "tmpfs", "-o", "size=300m", "tmpfs", mount.toString());
    try {
      Path folder = mount.resolve("project");
      copyProject(folder);
      Subject here = subject.on(folder);
      here.contents(); // starts everything that needs space of its own
      Path ballast = mount.resolve("ballast");
      long free = Files.getFileStore(mount).getUsableSpace();
      execute(
          "head",
          "-c",
          String.valueOf(Math.max(0, free - ((long) left << 20))),
          "/dev/zero",
          ballast);
      Subject.Ended ended = here.start("run", "erp_daily").end(ENDS_SECONDS);
      ended.requireCode(1, 3);
      Trials.require(
          ended.output().contains("the disk is full") && ended.output().contains("make space"),
          "It does not say that the disk is full: " + ended.output());
      Files.delete(ballast);
      here.run("run", "erp_daily").requireCode(0);
      Trials.require(here.contents().equals(subject.contents()), "Tables differ after it");
    } finally {
      execute("umount", "-l", mount.toString());
    }
  }

  /** The project's files and its ERP's password; the rest it makes anew. */
  private void copyProject(Path to) throws Exception {
    Files.createDirectories(to.resolve(".ecluse/secrets"));
    for (String name : List.of("ecluse.yaml", "sources", "dags", "models", "dashboards", "tests")) {
      execute("cp", "-a", subject.project().resolve(name).toString(), to.toString());
    }
    execute(
        "cp",
        "-a",
        subject.project().resolve(".ecluse/secrets").toString(),
        to.resolve(".ecluse").toString());
    subject.on(to).run("run", "erp_daily").requireCode(0);
  }

  /** Who watches over a server that has ended may need a moment to end, too. */
  private static void unmount(Path mount) throws Exception {
    for (int tries = 0; tries < 100 && code("umount", mount.toString()) != 0; tries++) {
      Thread.sleep(200);
    }
    Trials.require(code("mountpoint", "-q", mount.toString()) != 0, mount + " is still in use");
  }

  private static void execute(String first, Object... more) throws Exception {
    int code = code(first, more);
    Trials.require(code == 0, first + " " + List.of(more) + " ended with " + code);
  }

  private static int code(String first, Object... more) throws IOException, InterruptedException {
    List<String> command =
        Stream.concat(Stream.of(first), Stream.of(more).map(String::valueOf)).toList();
    Path output = Files.createTempFile("ecluse-trial-", ".bin");
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.redirectError(ProcessBuilder.Redirect.DISCARD);
      if (first.equals("head")) { // its last argument is the file that it fills
        builder.command(command.subList(0, command.size() - 1));
        builder.redirectOutput(Path.of(command.get(command.size() - 1)).toFile());
      } else {
        builder.redirectOutput(output.toFile());
      }
      return builder.start().waitFor();
    } catch (IOException e) {
      return 127; // there is no such command
    } finally {
      Files.writeString(output, "", StandardCharsets.UTF_8);
      Files.delete(output);
    }
  }
}
