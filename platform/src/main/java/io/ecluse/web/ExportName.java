package io.ecluse.web;

import io.ecluse.schema.TableName;
import java.text.Normalizer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Optional;

/** What an export is called: as asked for, else project, table and time. */
final class ExportName {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd-HHmm").withZone(ZoneOffset.UTC);
  private static final int LONGEST = 100;

  private ExportName() {}

  /**
   * A name that every system takes for a file of the folder it is put in, and no header for two.
   *
   * @param wanted by whoever asks
   * @param tables that were read
   */
  static String of(
      Optional<String> wanted, String project, Collection<TableName> tables, Instant now) {
    return wanted
        .map(ExportName::safe)
        .filter(n -> !n.isEmpty())
        .orElseGet(
            () -> {
              String what = tables.size() == 1 ? tables.iterator().next().toString() : "query";
              return safe(project + "-" + what + "-" + TIME.format(now));
            });
  }

  private static String safe(String name) {
    String plain =
        Normalizer.normalize(name, Normalizer.Form.NFC)
            .replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\"*/:<>?\\\\|%;]+", "-")
            .strip()
            .replaceAll("^[.\\s-]+|[.\\s]+$", "");
    if (plain.length() <= LONGEST) {
      return plain;
    }
    int end = Character.isHighSurrogate(plain.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
    return plain.substring(0, end);
  }
}
