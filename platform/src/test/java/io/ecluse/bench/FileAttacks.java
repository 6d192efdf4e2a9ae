package io.ecluse.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What other users of the machine, or a folder of somebody else, may get at. */
final class FileAttacks {
  private static final Duration EACH = Duration.ofSeconds(60);

  private final Trials trials;
  private final Subject subject;

  FileAttacks(Trials trials, Subject subject) {
    this.trials = trials;
    this.subject = subject;
  }

  void run() {
    trials.run("no file of the state is open to others", EACH, this::modes);
    trials.run("a symbolic link leads out of no source", EACH, this::link);
    trials.run("a circle of links spoils its own stream alone", EACH, this::circle);
  }

  /** A file is reachable if all folders above it, within the state, let others in. */
  private void modes() throws IOException {
    List<String> open = new ArrayList<>();
    Path state = subject.project().resolve(".ecluse");
    try (Stream<Path> files = Files.walk(state)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (others(file) && reachable(file.getParent(), state)) {
          open.add(state.relativize(file).toString());
        }
      }
    }
    Trials.require(
        open.isEmpty(), open.size() + " files are open to others, such as " + first(open));
  }

  private static String first(List<String> names) {
    return names.isEmpty() ? "" : names.get(0);
  }

  private static boolean reachable(Path folder, Path top) throws IOException {
    for (Path each = folder; each.startsWith(top); each = each.getParent()) {
      if (!others(each)) {
        return false;
      }
    }
    return true;
  }

  private static boolean others(Path path) throws IOException {
    Set<PosixFilePermission> modes = Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
    return modes.contains(PosixFilePermission.OTHERS_READ)
        || modes.contains(PosixFilePermission.OTHERS_EXECUTE);
  }

  private void link() throws Exception {
    Path secret = subject.project().resolve(".ecluse/outside.csv");
    Files.writeString(secret, "word\ncanary-77\n");
    Path files = folder();
    Files.createSymbolicLink(files.resolve("people.csv"), secret);
    Subject.Ended ended = subject.run("extract", "drop");
    Trials.require(!ended.output().contains("canary"), ended.output());
    Trials.require(ended.code() != 0, "It was read: " + ended.output());
    Files.delete(files.resolve("people.csv"));
  }

  private void circle() throws Exception {
    Path files = folder();
    Files.createSymbolicLink(files.resolve("circle"), files);
    Files.createSymbolicLink(files.resolve("self.csv"), files.resolve("self.csv"));
    Files.writeString(files.resolve("people.csv"), "id,name\n1,Ada\n");
    subject.run("extract", "drop", "people").requireCode(0);
  }

  /** A source that reads a folder. */
  private Path folder() throws IOException {
    Path files = Files.createDirectories(subject.project().resolve("drop"));
    Files.writeString(
        subject.project().resolve("sources/drop.yaml"),
        """
        type: files
        description: What others drop.
        location: drop
        streams:
          people:
            files: "people*.csv"
        """);
    return files;
  }
}
