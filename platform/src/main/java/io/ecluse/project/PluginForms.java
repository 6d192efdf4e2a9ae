package io.ecluse.project;

import static io.ecluse.project.Shape.Field.optional;
import static io.ecluse.project.Shape.Field.required;

import io.ecluse.project.Shape.AnyOf;
import io.ecluse.project.Shape.Choice;
import io.ecluse.project.Shape.Decimal;
import io.ecluse.project.Shape.Field;
import io.ecluse.project.Shape.Fields;
import io.ecluse.project.Shape.Flag;
import io.ecluse.project.Shape.ListOf;
import io.ecluse.project.Shape.MapOf;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * The types of source that jars bring: those in the project's folder {@code plugins}, and those on
 * the class path. Each says in {@code META-INF/ecluse-sources.yaml} which types it has and what
 * they want to know, so that a project is checked without running any of their code.
 */
final class PluginForms {
  static final String FOLDER = "plugins";
  static final String DESCRIPTOR = "META-INF/ecluse-sources.yaml";

  private static final List<String> MODES = List.of("full", "incremental", "append");
  private static final Map<String, Field> EXTRACT = extract();
  private static final Shape SHAPE = new MapOf(Format.NAME, type());

  private final Vocabulary vocabulary;
  private final Problems problems;
  private final Map<String, Fields> types = new LinkedHashMap<>();

  private PluginForms(Vocabulary vocabulary, Problems problems) {
    this.vocabulary = vocabulary;
    this.problems = problems;
  }

  private static Map<String, Field> extract() {
    Map<String, Field> keys = new LinkedHashMap<>();
    for (Field key :
        List.of(
            SourceKeys.maxSlowdown(),
            SourceKeys.maxRate(),
            SourceKeys.maxRejected(),
            SourceKeys.compare())) {
      keys.put(key.name(), key);
    }
    return keys;
  }

  private static Fields type() {
    Fields setting =
        Fields.of(
            "a setting",
            SourceKeys.DESCRIPTION,
            optional("required", new Flag(), "Whether it must be there; false unless said."),
            optional(
                "secret", new Flag(), "Whether it is a reference to a secret; false unless said."));
    return Fields.of(
        "a type of source",
        SourceKeys.DESCRIPTION,
        optional("settings", new MapOf(Format.NAME, setting), "What it wants to know."),
        optional(
            "modes",
            new ListOf(new Choice(MODES), ListOf.Size.NOT_EMPTY),
            "How its streams can be read; in full only unless said."),
        optional(
            "extract",
            new ListOf(new Choice(List.copyOf(EXTRACT.keySet())), ListOf.Size.NOT_EMPTY),
            "What it keeps to when it reads; reading hours are kept for it."));
  }

  /** The types there are, each with the shape of its files. */
  static Map<String, Fields> in(Path folder, Vocabulary vocabulary, Problems problems) {
    PluginForms found = new PluginForms(vocabulary, problems);
    try {
      for (URL url :
          Collections.list(PluginForms.class.getClassLoader().getResources(DESCRIPTOR))) {
        try (InputStream in = url.openStream()) {
          found.read(String.valueOf(url), in);
        }
      }
    } catch (IOException e) {
      problems.in(DESCRIPTOR).error(Position.START, "It cannot be read: " + e.getMessage());
    }
    found.jars(folder.resolve(FOLDER)).forEach(found::jar);
    return found.types;
  }

  private List<Path> jars(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      problems.in(FOLDER).error(Position.START, "It cannot be read: " + e.getMessage());
      return List.of();
    }
  }

  private void jar(Path file) {
    String name = FOLDER + "/" + file.getFileName();
    try (JarFile jar = new JarFile(file.toFile())) {
      ZipEntry entry = jar.getEntry(DESCRIPTOR);
      if (entry != null) {
        try (InputStream in = jar.getInputStream(entry)) {
          read(name, in);
        }
      }
    } catch (IOException e) {
      problems.in(name).error(Position.START, "This is no jar: " + e.getMessage());
    }
  }

  private void read(String where, InputStream in) throws IOException {
    Problems.OfFile ofFile = problems.in(where);
    String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    Optional<Value.Entries> described =
        YamlReader.read(text, ofFile)
            .flatMap(yaml -> new ShapeReader(ofFile).read(yaml, SHAPE))
            .map(Value.Entries.class::cast);
    if (described.isEmpty()) {
      return;
    }
    for (String type : described.get().values().keySet()) {
      boolean taken = vocabulary.sources().containsKey(type) || types.containsKey(type);
      if (taken) {
        ofFile.error(
            described.get().keyAt(type),
            "There is already a type of source called '%s'".formatted(type),
            "call it otherwise");
      } else {
        types.put(type, file(type, described.get().entries(type)));
      }
    }
  }

  /** What files of a type may say. */
  private static Fields file(String type, Value.Entries described) {
    Fields settings = settings(type, described.entries("settings"));
    List<String> modes = described.items("modes").texts().stream().map(Value.Text::text).toList();
    List<Field> extract = new ArrayList<>();
    described
        .items("extract")
        .texts()
        .forEach(key -> extract.add(Objects.requireNonNull(EXTRACT.get(key.text()))));
    extract.add(SourceKeys.hours());
    return SourceKeys.file(
        "a source of type " + type,
        type,
        new Field(
            "settings",
            settings,
            settings.mayBeEmpty() ? Field.Need.OPTIONAL : Field.Need.REQUIRED,
            "What the source wants to know."),
        optional(
            "streams",
            new MapOf(
                Format.STREAM,
                modes.stream().allMatch("full"::equals)
                    ? SourceKeys.wholeTable()
                    : SourceKeys.table(modes)),
            "Streams to read; all that the source has unless said."),
        SourceKeys.extract(extract.toArray(Field[]::new)));
  }

  private static Fields settings(String type, Value.Entries declared) {
    Shape plain =
        new AnyOf(List.of(new Flag(), new Decimal(Optional.empty()), SourceKeys.TEMPLATE));
    List<Field> settings = new ArrayList<>();
    for (String name : declared.values().keySet()) {
      Value.Entries setting = declared.entries(name);
      Shape shape = flag(setting, "secret") ? SourceKeys.SECRET : plain;
      String doc = setting.text("description", "");
      settings.add(
          flag(setting, "required") ? required(name, shape, doc) : optional(name, shape, doc));
    }
    return Fields.of("the settings of " + type, settings.toArray(Field[]::new));
  }

  private static boolean flag(Value.Entries entries, String key) {
    return entries.flag(key).orElse(false);
  }
}
