package io.ecluse.flow;

import io.ecluse.engine.Job;
import io.ecluse.engine.JobHandle;
import io.ecluse.engine.Program;
import io.ecluse.error.ErrorCode;
import io.ecluse.pipeline.CronSchedule;
import io.ecluse.pipeline.Schedule;
import io.ecluse.pipeline.Work;
import io.ecluse.project.Compute;
import io.ecluse.project.DagFile;
import io.ecluse.project.Expansion;
import io.ecluse.project.Expansion.Planned;
import io.ecluse.project.Format;
import io.ecluse.project.Localized;
import io.ecluse.project.Shape;
import io.ecluse.project.StepCheck;
import io.ecluse.project.Value;
import io.ecluse.scheduler.TaskResult;
import io.ecluse.schema.TableName;
import io.ecluse.staging.StagingArea;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs a program of the project's on Spark: a jar, a Python file, or statements. What it writes is
 * part of the run. Its file is read when the task runs.
 */
public final class SparkKind implements TaskKind {
  private static final String SPARK = "spark";
  private static final String CLASS = "class";
  private static final String ARGUMENTS = "arguments";
  private static final String READS = "reads";
  private static final String WRITES = "writes";
  private static final String CLUSTER = "cluster";
  private static final String PACKAGES = "packages";
  private static final String FILES = "files";
  private static final String CONF = "conf";
  private static final String SCHEDULE = "schedule";
  private static final String PROGRAM = "program";
  private static final String JAR = ".jar";

  private static final Pattern PACKAGE = Pattern.compile("[\\w.-]+:[\\w.-]+:[\\w.-]+");

  /** What a job may be told of Spark; the rest is of its cluster, or ours. */
  private static final Pattern SETTING = Pattern.compile("spark\\.(sql|hadoop)\\.\\S+");

  private static final Pattern OURS =
      Pattern.compile("spark\\.sql\\.(catalog\\.ecluse.*|defaultCatalog|extensions)");

  private static final Map<String, Program.Language> LANGUAGES =
      Map.of(
          JAR, Program.Language.JAR, ".py", Program.Language.PYTHON, ".sql", Program.Language.SQL);

  @Override
  public String name() {
    return SPARK;
  }

  @Override
  public Localized word() {
    return new Localized("Spark program", "programme Spark");
  }

  @Override
  public List<Shape.Field> keys() {
    Shape tables = new Shape.ListOf(new Shape.Text(Format.TABLE), Shape.ListOf.Size.NOT_EMPTY);
    return List.of(
        Shape.Field.optional(
            SPARK,
            new Shape.Text(Format.WORDS),
            "A program to run on Spark: a file of the project's folder that ends with .jar, .py or .sql."),
        Shape.Field.optional(
            CLASS, new Shape.Text(Format.WORDS), "The class of the jar that has the main method."),
        Shape.Field.optional(
            ARGUMENTS,
            new Shape.ListOf(new Shape.Text(Format.ANY), Shape.ListOf.Size.ANY),
            "What the program is given."),
        Shape.Field.optional(
            PACKAGES,
            new Shape.ListOf(new Shape.Text(Format.WORDS), Shape.ListOf.Size.ANY),
            "Libraries that it needs, as group:artifact:version in Maven's repositories; with all that they need."),
        Shape.Field.optional(
            FILES,
            new Shape.ListOf(new Shape.Text(Format.WORDS), Shape.ListOf.Size.ANY),
            "Files of the project's folder that it needs: modules of Python (.py, .zip), more jars, or others, which it finds by the setting spark.ecluse.file.NAME."),
        Shape.Field.optional(
            CONF,
            new Shape.MapOf(Format.WORDS, new Shape.Text(Format.ANY)),
            "Spark's own configuration for it, as spark.sql.shuffle.partitions; numbers in quotes."),
        Shape.Field.optional(
            READS, tables, "The tables that it reads; it waits for the tasks that make them."),
        Shape.Field.optional(
            WRITES, tables, "The tables that it makes, which are published with the run."),
        Shape.Field.optional(
            CLUSTER,
            new Shape.Text(Format.NAME),
            "On which of the project's clusters; the usual one unless said."));
  }

  @Override
  public void check(StepCheck step) {
    step.task()
        .text(SPARK)
        .ifPresent(
            program -> {
              Optional<Program.Language> language = language(program.text());
              if (language.isEmpty()) {
                step.error(
                    program.at(),
                    "A program for Spark is a file that ends with .jar, .py or .sql, but this is '%s'"
                        .formatted(program.text()));
              } else if (language.get() == Program.Language.JAR && !step.task().has(CLASS)) {
                step.error(
                    program.at(),
                    "A jar needs its class",
                    "add class: the one with the main method");
              }
              checkMore(step, language);
              if (!step.task().has(WRITES)) {
                step.error(
                    program.at(),
                    "A program needs to say which tables it makes",
                    "add writes: [schema.table]");
              }
            });
  }

  private static void checkMore(StepCheck step, Optional<Program.Language> language) {
    step.task()
        .text(CLASS)
        .filter(c -> language.isPresent() && language.get() != Program.Language.JAR)
        .ifPresent(
            c -> step.error(c.at(), "Only a jar has a class, and this is none", "take class out"));
    if (step.task().has(ARGUMENTS) && language.equals(Optional.of(Program.Language.SQL))) {
      step.error(
          step.task().keyAt(ARGUMENTS),
          "Statements take no arguments",
          "use params of the DAG: '${spark.ecluse.parameter.NAME}'");
    }
    for (Value.Text name : step.task().items(PACKAGES).texts()) {
      if (!PACKAGE.matcher(name.text()).matches()) {
        step.error(
            name.at(),
            "A package is group:artifact:version, but this is '%s'".formatted(name.text()));
      }
    }
    for (Value.Text name : step.task().items(FILES).texts()) {
      if (name.text().startsWith("/") || name.text().contains("..")) {
        step.error(
            name.at(),
            "A file of a program is one of the project's folder, but this is '%s'"
                .formatted(name.text()));
      }
    }
    step.task()
        .entries(CONF)
        .keys()
        .forEach(
            (key, at) -> {
              if (!SETTING.matcher(key).matches() || OURS.matcher(key).matches()) {
                step.error(
                    at,
                    "%s cannot be set for one program".formatted(key),
                    "programs share an application: set spark.sql.… or spark.hadoop.… here, and the rest under conf of the cluster");
              }
            });
  }

  private static Optional<Program.Language> language(String file) {
    return LANGUAGES.entrySet().stream()
        .filter(l -> file.endsWith(l.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  @Override
  public DagFile.Action action(Value.Entries task) {
    return expansion -> expand(expansion, task);
  }

  private static void expand(Expansion expansion, Value.Entries task) {
    Work work =
        new Work(SPARK, Map.of(PROGRAM, task.text(SPARK, "")))
            .with(CLASS, task.text(CLASS).map(Value.Text::text).stream().toList())
            .with(ARGUMENTS, texts(task, ARGUMENTS))
            .with(READS, texts(task, READS))
            .with(PACKAGES, texts(task, PACKAGES))
            .with(FILES, texts(task, FILES))
            .with(CONF, settings(task.entries(CONF)))
            .with(
                SCHEDULE,
                expansion.file().schedule().stream()
                    .flatMap(s -> Stream.of(s.cron(), s.zone().getId()))
                    .toList());
    for (String table : texts(task, WRITES)) {
      work = work.writing(table);
    }
    Set<TableName> reads =
        texts(task, READS).stream()
            .flatMap(t -> TableName.find(t).stream())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    Compute own = new Compute(Optional.of(SPARK), task.word(CLUSTER));
    expansion.add(
        new Planned(expansion.step(), expansion.computed(work, own), reads, Planned.Order.STEPS));
  }

  private static List<String> texts(Value.Entries task, String key) {
    return task.items(key).texts().stream().map(Value.Text::text).toList();
  }

  /** Names and values, one after the other. */
  private static List<String> settings(Value.Entries conf) {
    return conf.values().keySet().stream().flatMap(k -> Stream.of(k, conf.text(k, ""))).toList();
  }

  @Override
  public TaskResult run(TaskRun run) {
    Optional<JobHandle> handle = run.attempt().handle().map(JobHandle::parse);
    Job job = run.stages().engines().run(run.errand(), program(run), handle);
    if (job instanceof Job.Elsewhere elsewhere) {
      return new TaskResult.Again(elsewhere.after(), Optional.of(elsewhere.handle().toString()));
    } else if (job instanceof Job.Done done) {
      run.attempt().log("%s is done".formatted(run.work().text(PROGRAM)));
      return new TaskResult.Done(done.rows(), 0, done.facts());
    }
    throw new AssertionError("Unhandled " + job);
  }

  private static Program program(TaskRun run) {
    Work work = run.work();
    String name = work.text(PROGRAM);
    Path folder = run.project().folder();
    Program.Language language = language(name).orElseThrow();
    Map<String, String> files = new LinkedHashMap<>();
    work.list(FILES).forEach(f -> files.put(f, file(folder, f).toUri().toString()));
    Map<String, String> settings = new LinkedHashMap<>();
    List<String> conf = work.list(CONF);
    for (int i = 0; i + 1 < conf.size(); i += 2) {
      settings.put(conf.get(i), conf.get(i + 1));
    }
    return new Program(
        language,
        language == Program.Language.SQL
            ? read(folder, name)
            : file(folder, name).toUri().toString(),
        work.list(CLASS).stream().findFirst().orElse(""),
        work.list(ARGUMENTS),
        new Program.Around(work.list(PACKAGES), List.copyOf(files.values()), settings),
        told(run, files));
  }

  /** What it is run for. */
  private static Map<String, String> told(TaskRun run, Map<String, String> files) {
    Map<String, String> told = new LinkedHashMap<>();
    run.attempt().params().forEach((key, value) -> told.put("parameter." + key, value));
    Instant at = run.attempt().logicalTime();
    told.put("interval.at", at.toString());
    told.put("interval.to", at.toString());
    List<String> schedule = run.work().list(SCHEDULE);
    if (!schedule.isEmpty()) {
      new CronSchedule(new Schedule(schedule.get(0), ZoneId.of(schedule.get(1))))
          .previous(at)
          .ifPresent(from -> told.put("interval.from", from.toString()));
    }
    told.put("run", run.attempt().runId());
    files.forEach(
        (name, place) -> told.put("file." + name.substring(name.lastIndexOf('/') + 1), place));
    run.work().list(READS).stream()
        .flatMap(t -> TableName.find(t).stream())
        .forEach(t -> staged(run, t).ifPresent(f -> told.put("staging." + t, f)));
    return told;
  }

  /** Where the files are that a table was loaded from, with commas between. */
  private static Optional<String> staged(TaskRun run, TableName table) {
    StagingArea staging = run.stages().staging();
    return staging
        .ofRunOrNewest(table.schema(), table.name(), run.attempt().runId())
        .map(
            batch ->
                batch.parts().stream()
                    .map(part -> staging.location(batch) + "/" + part.file())
                    .collect(Collectors.joining(",")));
  }

  /** A file of the project, and of nobody else. */
  private static Path file(Path folder, String name) {
    try {
      Path file = folder.toRealPath().resolve(name).toRealPath();
      if (file.startsWith(folder.toRealPath()) && Files.isRegularFile(file)) {
        return file;
      }
    } catch (IOException e) {
      throw ErrorCode.NOT_FOUND.error(
          "The program %s cannot be read in the project's folder: %s"
              .formatted(name, e.getClass().getSimpleName()),
          e);
    }
    throw ErrorCode.INVALID_PROJECT.error(
        "The program %s is no file within the project's folder".formatted(name));
  }

  private static String read(Path folder, String name) {
    try {
      return Files.readString(file(folder, name));
    } catch (IOException e) {
      throw ErrorCode.NOT_FOUND.error("The program %s cannot be read".formatted(name), e);
    }
  }
}
