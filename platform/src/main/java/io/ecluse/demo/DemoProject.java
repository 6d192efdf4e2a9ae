package io.ecluse.demo;

import io.ecluse.disk.Disk;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.ProjectTemplate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The project of the demo: the template {@code supinfo}, reading the demo's own ERP. */
public final class DemoProject {
  /** The template's name, for {@code ecluse init}. */
  public static final String TEMPLATE = "supinfo";

  private static final Pattern PORT =
      Pattern.compile("(?m)^(\\s*port: )\\d+(\\s+# the demo writes the port of its ERP here)$");

  private DemoProject() {}

  /**
   * Writes the project into the folder unless there is one. Of a project that is there, nothing
   * changes but the port of the demo's ERP, and that only where its line still says that the demo
   * writes it.
   *
   * @return names of the files that were written; none if there was a project
   */
  public static List<String> write(Path folder, int erpPort) {
    List<String> written =
        Files.exists(folder.resolve("ecluse.yaml"))
            ? List.of()
            : new ProjectTemplate(TEMPLATE).writeTo(folder);
    writePort(folder.resolve("sources").resolve("erp.yaml"), erpPort);
    return written;
  }

  private static void writePort(Path source, int port) {
    try {
      if (!Files.isRegularFile(source)) {
        return;
      }
      String text = Files.readString(source);
      Matcher matcher = PORT.matcher(text);
      String changed = matcher.replaceAll(m -> m.group(1) + port + m.group(2));
      if (!changed.equals(text)) {
        new Disk().write(source, changed.getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new EcluseException(
          ErrorCode.INVALID_USAGE, "%s cannot be changed: %s".formatted(source, e.getMessage()), e);
    }
  }
}
