package io.ecluse.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Projects that are copied, moved, backed up and restored. */
final class WarehouseFaults {
  private static final Duration LONG = Duration.ofMinutes(2);

  private final Trials trials;
  private final Subject subject;
  private final Path scratch;

  WarehouseFaults(Trials trials, Subject subject, Path scratch) {
    this.trials = trials;
    this.subject = subject;
    this.scratch = scratch;
  }

  void run(boolean quick) {
    trials.run("a copied project works on its own files alone", LONG, this::copied);
    trials.run("a moved project works", LONG, this::moved);
    trials.run("backup while a run goes on, restored elsewhere", LONG, this::restored);
    if (!quick) {
      trials.run("a second backup copies what is new alone", LONG, this::incremental);
      trials.run("an earlier moment is restored, then pruned", LONG, this::earlier);
      trials.run("a backup in one file is killed, then made and restored", LONG, this::oneFile);
    }
  }

  private Subject copy(String name) throws Exception {
    Path to = scratch.resolve(name);
    Files.createDirectories(to);
    execute( // all but the ERP, which goes on where it is
        "sh",
        "-c",
        "tar -C \"$0\" -cf - --exclude=./.ecluse/demo-erp . | tar -C \"$1\" -xf -",
        subject.project().toString(),
        to.toString());
    return subject.on(to);
  }

  private static void execute(String... command) throws IOException, InterruptedException {
    int code = new ProcessBuilder(command).inheritIO().start().waitFor();
    Trials.require(code == 0, List.of(command) + " ended with " + code);
  }

  private void copied() throws Exception {
    subject.run("run", "erp_daily").requireCode(0);
    List<String> before = subject.contents();
    Subject copy = copy("copied");
    Set<String> original = files(subject.project());
    String run = lastRun(copy);
    copy.run("rollback", run).requireCode(0);
    copy.run("maintain").requireCode(0);
    Trials.require(files(subject.project()).equals(original), "The original's files changed");
    Trials.require(!copy.contents().isEmpty(), "The copy cannot be read");
    Trials.require(subject.contents().equals(before), "The original's tables changed");
    Workspace.delete(copy.project());
  }

  private void moved() throws Exception {
    Subject copy = copy("first");
    List<String> before = copy.contents();
    Path second = scratch.resolve("second");
    Files.move(copy.project(), second);
    Subject moved = subject.on(second);
    Trials.require(moved.contents().equals(before), "Tables differ after the move");
    moved.run("maintain").requireCode(0);
    moved.run("run", "erp_daily").requireCode(0);
    Trials.require(moved.contents().equals(before), "Tables differ after the next run");
    Workspace.delete(second);
  }

  private void restored() throws Exception {
    List<String> before = subject.contents();
    Path backup = scratch.resolve("backup");
    Subject.Running run = subject.start("run", "erp_daily");
    Thread.sleep(1_500);
    try {
      subject.run("backup", backup.toString()).requireCode(0);
      run.end(60).requireCode(0);
    } finally {
      run.kill();
    }
    Subject elsewhere = subject.on(scratch.resolve("restored"));
    elsewhere.run("restore", backup.toString()).requireCode(0);
    Trials.require(elsewhere.contents().equals(before), "Tables differ after the restore");
    Workspace.delete(elsewhere.project());
  }

  private void incremental() throws Exception {
    Path backup = scratch.resolve("backup");
    Set<String> first = files(backup);
    subject.run("run", "erp_daily").requireCode(0);
    subject.run("backup", backup.toString()).requireCode(0);
    Set<String> second = files(backup);
    Trials.require(second.size() > first.size(), "Nothing was added");
    Subject elsewhere = subject.on(scratch.resolve("again"));
    elsewhere.run("restore", backup.toString()).requireCode(0);
    Trials.require(elsewhere.contents().equals(subject.contents()), "Tables differ");
    Workspace.delete(elsewhere.project());
  }

  private List<String> moments(Path backup) throws Exception {
    String json =
        subject
            .run("backup", "--list", backup.toString(), "--format", "json")
            .requireCode(0)
            .output();
    return Pattern.compile("\\d{8}T\\d{6}\\.\\d{3}")
        .matcher(json)
        .results()
        .map(MatchResult::group)
        .toList();
  }

  private void earlier() throws Exception {
    Path backup = scratch.resolve("backup");
    List<String> before = subject.contents();
    String run = lastRun(subject);
    subject.run("rollback", run).requireCode(0);
    subject.run("backup", backup.toString()).requireCode(0);
    List<String> moments = moments(backup);
    Subject elsewhere = subject.on(scratch.resolve("earlier"));
    elsewhere
        .run("restore", backup.toString(), "--at", moments.get(moments.size() - 2))
        .requireCode(0);
    Trials.require(elsewhere.contents().equals(before), "The moment before differs");
    Workspace.delete(elsewhere.project());
    subject.run("backup", backup.toString(), "--keep", "1").requireCode(0);
    Trials.require(moments(backup).size() == 1, "Not one moment: " + moments(backup));
    elsewhere.run("restore", backup.toString()).requireCode(0);
    Trials.require(elsewhere.contents().equals(subject.contents()), "What was kept differs");
    Workspace.delete(elsewhere.project());
  }

  private void oneFile() throws Exception {
    Path file = scratch.resolve("one.tar");
    Subject.Running killed = subject.start("backup", file.toString());
    Path draft = scratch.resolve("one.tar.draft");
    for (int i = 0; i < 1_000 && !Files.exists(draft) && !Files.exists(file); i++) {
      Thread.sleep(20);
    }
    killed.kill();
    Files.deleteIfExists(file); // it was faster
    subject.run("backup", file.toString()).requireCode(0);
    Trials.require(!Files.exists(draft), "A draft is left");
    Subject elsewhere = subject.on(scratch.resolve("from-file"));
    elsewhere.run("restore", file.toString()).requireCode(0);
    Trials.require(elsewhere.contents().equals(subject.contents()), "Tables differ");
    Workspace.delete(elsewhere.project());
  }

  private static String lastRun(Subject subject) throws Exception {
    String json = subject.run("ls", "runs", "--format", "json").requireCode(0).output();
    Matcher id = Pattern.compile("erp_daily-\\d+T\\d+-[0-9a-f]+").matcher(json);
    Trials.require(id.find(), "No run: " + json);
    return id.group();
  }

  /** Every file of warehouse and staging, with its size. */
  private static Set<String> files(Path folder) throws IOException {
    Set<String> found = new TreeSet<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = folder.relativize(file).toString();
        if (!name.contains("postgres") && !name.contains("demo-erp")) {
          found.add(name + " " + Files.size(file));
        }
      }
    }
    return found;
  }
}
