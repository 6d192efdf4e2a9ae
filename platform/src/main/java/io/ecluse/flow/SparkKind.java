package io.ecluse.flow;

import io.ecluse.engine.Job;
import io.ecluse.engine.JobHandle;
import io.ecluse.engine.Program;
import io.ecluse.error.ErrorCode;
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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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
  private static final String PROGRAM = "program";
  private static final String JAR = ".jar";

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
              if (!step.task().has(WRITES)) {
                step.error(
                    program.at(),
                    "A program needs to say which tables it makes",
                    "add writes: [schema.table]");
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
            .with(READS, texts(task, READS));
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
    Program.Language language = language(name).orElseThrow();
    Map<String, String> told = new LinkedHashMap<>();
    run.attempt().params().forEach((key, value) -> told.put("parameter." + key, value));
    told.put("interval.at", run.attempt().logicalTime().toString());
    told.put("run", run.attempt().runId());
    work.list(READS).stream()
        .flatMap(t -> TableName.find(t).stream())
        .forEach(t -> staged(run, t).ifPresent(f -> told.put("staging." + t, f)));
    return new Program(
        language,
        language == Program.Language.SQL
            ? read(run.project().folder(), name)
            : file(run.project().folder(), name).toUri().toString(),
        work.list(CLASS).stream().findFirst().orElse(""),
        work.list(ARGUMENTS),
        told);
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
