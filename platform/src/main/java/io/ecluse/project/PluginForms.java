package io.ecluse.project;

import static io.ecluse.project.Shapes.fields;
import static io.ecluse.project.Shapes.optional;
import static io.ecluse.project.Shapes.required;

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
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * The types of source that jars bring: those in the project's folder {@code plugins}, and those on
 * the class path. Each says in {@code META-INF/ecluse-sources.yaml} which types it has and what
 * they want to know, so that a project is checked without running any of their code.
 */
final class PluginShapes {
  static final String FOLDER = "plugins";
  static final String DESCRIPTOR = "META-INF/ecluse-sources.yaml";

  private static final Shape SHAPE = new MapOf(Format.NAME, type());

  private final Problems problems;
  private final Map<String, Fields> types = new LinkedHashMap<>();

  private PluginShapes(Problems problems) {
    this.problems = problems;
  }

  private static Fields type() {
    Fields setting =
        fields(
            "a setting",
            SourceShapes.DESCRIPTION,
            optional("required", new Flag(), "Whether it must be there; false unless said."),
            optional(
                "secret", new Flag(), "Whether it is a reference to a secret; false unless said."));
    return fields(
        "a type of source",
        SourceShapes.DESCRIPTION,
        optional("settings", new MapOf(Format.NAME, setting), "What it wants to know."));
  }

  /** The types there are, each with the shape of its files. */
  static Map<String, Fields> in(Path folder, Problems problems) {
    PluginShapes found = new PluginShapes(problems);
    try {
      for (URL url :
          Collections.list(PluginShapes.class.getClassLoader().getResources(DESCRIPTOR))) {
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
      boolean taken = SourceShapes.builtIn().containsKey(type) || types.containsKey(type);
      if (taken) {
        ofFile.error(
            described.get().keyAt(type),
            "There is already a type of source called '%s'".formatted(type),
            "call it otherwise");
      } else {
        Value.Entries settings = described.get().entries(type).entries("settings");
        types.put(type, SourceShapes.plugin(type, settings(type, settings)));
      }
    }
  }

  private static Fields settings(String type, Value.Entries declared) {
    Shape plain =
        new AnyOf(List.of(new Flag(), new Decimal(Optional.empty()), SourceShapes.TEMPLATE));
    List<Field> settings = new ArrayList<>();
    for (String name : declared.values().keySet()) {
      Value.Entries setting = declared.entries(name);
      Shape shape = flag(setting, "secret") ? SourceShapes.SECRET : plain;
      String doc = setting.text("description", "");
      settings.add(
          flag(setting, "required") ? required(name, shape, doc) : optional(name, shape, doc));
    }
    return fields("the settings of " + type, settings.toArray(Field[]::new));
  }

  private static boolean flag(Value.Entries entries, String key) {
    return SourceAssembly.flag(entries, key).orElse(false);
  }
}
