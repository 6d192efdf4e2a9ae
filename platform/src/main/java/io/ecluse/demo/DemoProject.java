package io.ecluse.demo;

import io.ecluse.disk.Disk;
import io.ecluse.project.ProjectReader;
import io.ecluse.project.ProjectTemplate;
import io.ecluse.project.ProjectWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The project of the demo: the template {@code supinfo}, reading the demo's own ERP. */
public final class DemoProject {
  /** The template's name, for {@code ecluse init}. */
  public static final String TEMPLATE = "supinfo";

  private static final String SOURCE = "sources/erp.yaml";
  private static final Pattern PORT =
      Pattern.compile("(?m)^\\s*port: (\\d+)\\s+# the demo writes the port of its ERP here$");

  private DemoProject() {}

  /**
   * Writes the project into the folder unless there is one. Of a project that is there, nothing
   * changes but the port of the demo's ERP, and that only where its line still says that the demo
   * writes it.
   *
   * @return names of the files that were written; none if there was a project
   */
  public static List<String> write(Path folder, int erpPort, ProjectReader reader) {
    List<String> written = write(folder);
    writePort(new ProjectWriter(folder, reader, new Disk()), erpPort);
    return written;
  }

  /**
   * Writes the project for an ERP that is elsewhere, unless there is a project.
   *
   * @param erp keys of the connection, and their values
   * @return names of the files that were written
   */
  public static List<String> write(Path folder, Map<String, String> erp, ProjectReader reader) {
    List<String> written = write(folder);
    if (!written.isEmpty()) {
      ProjectWriter writer = new ProjectWriter(folder, reader, new Disk());
      erp.forEach(
          (key, value) ->
              writer
                  .read(SOURCE)
                  .ifPresent(file -> writer.set(file, List.of("connection", key), value)));
    }
    return written;
  }

  private static List<String> write(Path folder) {
    return Files.exists(folder.resolve("ecluse.yaml"))
        ? List.of()
        : new ProjectTemplate(TEMPLATE).writeTo(folder);
  }

  private static void writePort(ProjectWriter writer, int port) {
    writer
        .read(SOURCE)
        .filter(file -> isOurs(file.text(), port))
        .ifPresent(file -> writer.set(file, List.of("connection", "port"), String.valueOf(port)));
  }

  private static boolean isOurs(String source, int port) {
    Matcher line = PORT.matcher(source);
    return line.find() && !line.group(1).equals(String.valueOf(port));
  }
}
