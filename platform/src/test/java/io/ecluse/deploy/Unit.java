package io.ecluse.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A unit of systemd, and what systemd itself says of it. */
public record Unit(String name, String text) {
  private static final Pattern EXPOSURE =
      Pattern.compile("Overall exposure level for \\S+: ([0-9.]+)");

  /** One of those that are installed. */
  public static Unit of(String name) {
    return new Unit(name, Deploy.text(Deploy.file("systemd/" + name)));
  }

  /** The same with a mistake in it. */
  Unit planted(String before, String after) {
    if (!text.contains(before)) {
      throw new AssertionError(name + " does not have: " + before);
    }
    return new Unit(name, text.replace(before, after));
  }

  /** All values of a setting. */
  public List<String> values(String key) {
    List<String> values = new ArrayList<>();
    for (String line : text.lines().toList()) {
      if (line.startsWith(key + "=")) {
        values.add(line.substring(key.length() + 1));
      }
    }
    return values;
  }

  /** What {@code systemd-analyze verify} has to say; nothing, if it is right. */
  String verified(Path folder) throws IOException {
    String program = Deploy.ROOT.resolve("ecluse").toString();
    write(folder, text.replace("/opt/ecluse/ecluse", program));
    for (String other : List.of("ecluse.service", "ecluse-backup.service")) {
      if (!other.equals(name)) {
        write(
            folder,
            other,
            Deploy.text(Deploy.file("systemd/" + other)).replace("/opt/ecluse/ecluse", program));
      }
    }
    return Deploy.run("systemd-analyze", "verify", "--man=no", folder.resolve(name).toString())
        .output();
  }

  /** How exposed {@code systemd-analyze security} finds it, 0 to 10. */
  double exposure(Path folder) throws IOException {
    write(folder, text);
    String said =
        Deploy.run(
                "systemd-analyze",
                "security",
                "--offline=true",
                "--no-pager",
                folder.resolve(name).toString())
            .orFail();
    Matcher level = EXPOSURE.matcher(said);
    if (!level.find()) {
      throw new AssertionError(said);
    }
    return Double.parseDouble(level.group(1));
  }

  private void write(Path folder, String content) throws IOException {
    write(folder, name, content);
  }

  private static void write(Path folder, String file, String content) throws IOException {
    Files.writeString(folder.resolve(file), content);
  }
}
