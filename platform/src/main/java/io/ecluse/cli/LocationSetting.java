package io.ecluse.cli;

import io.ecluse.Dialect;
import io.ecluse.disk.Disk;
import io.ecluse.error.EcluseException;
import io.ecluse.project.Project;
import io.ecluse.project.ProjectWriter;
import io.ecluse.schema.SqlParser;
import io.ecluse.storage.Owner;
import io.ecluse.storage.Relocation;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * {@code warehouse.location} or {@code staging.location} of one environment, where {@code
 * ecluse.yaml} says it or is to say it: other environments keep theirs.
 */
record LocationSetting(Path folder, Project project, String environment, Owner.Kind kind) {
  private static final String FILE = "ecluse.yaml";

  /** What the file is to say for a place. */
  String value(String place) {
    Path root = folder.toAbsolutePath().normalize();
    String said =
        !Relocation.isElsewhere(place) && Path.of(place).startsWith(root)
            ? root.relativize(Path.of(place)).toString()
            : place;
    return said.matches("[A-Za-z0-9./][\\w./:@+-]*")
        ? said
        : "\"" + said.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /** Writes it, and returns what is to be done by hand if that cannot be. */
  Optional<String> write(String value) {
    try (SqlParser parser = Dialect.parser()) {
      ProjectWriter writer = new ProjectWriter(folder, Dialect.reader(parser), new Disk());
      Optional<ProjectWriter.Content> file = writer.read(FILE);
      if (file.isEmpty()) {
        return Optional.of(byHand("it is not there", Optional.empty(), value));
      }
      try {
        writer.put(file.get(), keys(), value);
        return Optional.empty();
      } catch (EcluseException e) {
        return Optional.of(byHand(e.getMessage(), line(file.get()), value));
      }
    }
  }

  /** Of the environment alone, unless there is no other. */
  private List<String> keys() {
    return project.environments().size() > 1 || isOwn()
        ? ofOne()
        : List.of(kind.word(), "location");
  }

  private List<String> ofOne() {
    return List.of("environments", environment, kind.word(), "location");
  }

  private boolean isOwn() {
    try (SqlParser parser = Dialect.parser()) {
      return new ProjectWriter(folder, Dialect.reader(parser), new Disk())
          .read(FILE)
          .map(file -> ProjectWriter.has(file, ofOne()))
          .orElse(false);
    }
  }

  private Optional<Integer> line(ProjectWriter.Content file) {
    try {
      return Optional.of(ProjectWriter.line(file, keys()));
    } catch (EcluseException e) {
      return Optional.empty();
    }
  }

  private String byHand(String why, Optional<Integer> line, String value) {
    return "%s was not changed: %s. Set %s%s to %s there; until then, commands say that the %s were moved and read them where they are"
        .formatted(
            FILE,
            why.replaceFirst("\\.?\\s*$", ""),
            String.join(".", keys()),
            line.map(l -> " (line " + l + ")").orElse(""),
            value,
            kind.content());
  }
}
