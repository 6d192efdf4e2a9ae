package io.ecluse.project;

import io.ecluse.project.Shape.AnyOf;
import io.ecluse.project.Shape.Decimal;
import io.ecluse.project.Shape.Field;
import io.ecluse.project.Shape.Fields;
import io.ecluse.project.Shape.Flag;
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
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * The types of source that jars bring: those in the project's folder {@code plugins}, and those on
 * the class path. Each says in {@code META-INF/ecluse-sources.yaml} which types it has and what
 * they want to know, so that a project is checked without running any of their code.
 */
public final class PluginForms {
  private static final String FOLDER = "plugins";
  static final String DESCRIPTOR = "META-INF/ecluse-sources.yaml";

  /** What a type may keep to when it reads, a line each. */
  private static final List<String> EXTRACT =
      (SourceKeys.LIMITS + SourceKeys.COMPARE).lines().toList();

  private static final Shape SHAPE =
      new MapOf(
          Format.NAME,
          Keys.of(
              "a type of source",
              SourceKeys.DESCRIPTION
                  + """
                  settings: map name {a setting}  What it wants to know.
                    description: any  What this is, for the people who meet it.
                    required: flag  Whether it must be there; false unless said.
                    secret: flag  Whether it is a reference to a secret; false unless said.
                  modes: [full|incremental|append]+  How its streams can be read; in full only unless said.
                  keeps: [drift|max_slowdown|max_rate|max_rejected|compare]+  Keys that its files may have, since it keeps to them; reading hours are kept for it.
                  """));

  private final Vocabulary vocabulary;
  private final Problems problems;
  private final Map<String, Fields> types = new LinkedHashMap<>();

  private PluginForms(Vocabulary vocabulary, Problems problems) {
    this.vocabulary = vocabulary;
    this.problems = problems;
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
    try {
      jars(folder).forEach(found::jar);
    } catch (IOException e) {
      problems.in(FOLDER).error(Position.START, "It cannot be read: " + e.getMessage());
    }
    return found.types;
  }

  /** Those in the project's folder, in the order of their names. */
  public static List<Path> jars(Path project) throws IOException {
    Path folder = project.resolve(FOLDER);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(".jar")).sorted().toList();
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
    List<String> modes = texts(described, "modes");
    List<String> keeps = texts(described, "keeps");
    Fields table =
        modes.stream().allMatch("full"::equals)
            ? SourceKeys.wholeTable()
            : SourceKeys.table(String.join("|", modes) + "|");
    return SourceKeys.file(
        "a source of type " + type,
        type,
        """
        settings%s: @settings  What the source wants to know.
        streams: map stream @table  Streams to read; all that the source has unless said.
        """
                .formatted(settings.mayBeEmpty() ? "" : "!")
            + (keeps.contains("drift") ? SourceKeys.DRIFT : "")
            + "extract: {extract}  How gently to read.\n"
            + EXTRACT.stream()
                .filter(line -> keeps.contains(line.strip().split(":", 2)[0]))
                .map(line -> line + "\n")
                .collect(Collectors.joining())
            + SourceKeys.HOURS,
        Map.of("settings", settings, "table", table));
  }

  private static List<String> texts(Value.Entries entries, String key) {
    return entries.items(key).texts().stream().map(Value.Text::text).toList();
  }

  private static Fields settings(String type, Value.Entries declared) {
    Shape secret = new Shape.Text(Format.SECRET);
    Shape plain =
        new AnyOf(
            List.of(new Flag(), new Decimal(Optional.empty()), new Shape.Text(Format.TEMPLATE)));
    List<Field> settings = new ArrayList<>();
    for (String name : declared.values().keySet()) {
      Value.Entries setting = declared.entries(name);
      Shape shape = flag(setting, "secret") ? secret : plain;
      String doc = setting.text("description", "");
      settings.add(
          flag(setting, "required")
              ? Field.required(name, shape, doc)
              : Field.optional(name, shape, doc));
    }
    return new Fields("the settings of " + type, settings, List.of());
  }

  private static boolean flag(Value.Entries entries, String key) {
    return entries.flag(key).orElse(false);
  }
}
