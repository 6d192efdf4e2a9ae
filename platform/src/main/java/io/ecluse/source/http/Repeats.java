package io.ecluse.source.http;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.text.Sha256;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Records that came more than once, because they changed while pages were read and stand on a later
 * one, too: the newest by cursor stays, or else the later. Of each record a number of eight bytes
 * is held in memory; of those whose numbers are alike, the whole.
 */
final class Repeats {
  private final String stream;
  private final HttpSettings settings;
  private final List<String> key;
  private final Optional<String> cursor;
  private final ObjectReader exact;

  private record Kept(int record, JsonNode value) {}

  Repeats(String stream, HttpSettings settings) {
    this.stream = stream;
    this.settings = settings;
    this.key = settings.stream(stream).primaryKey();
    this.cursor = settings.stream(stream).since().map(HttpSettings.Since::cursor);
    this.exact =
        JsonMapper.shared().reader().with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
  }

  /**
   * Takes out of files of records, one a line, those that another replaces. Returns how many.
   *
   * @throws EcluseException DATA_INVALID when two have the same cursor and other values
   */
  int remove(List<Path> files, int records) throws IOException {
    long[] alike = key.isEmpty() ? new long[0] : alike(files, records);
    if (alike.length == 0) {
      return 0;
    }
    BitSet replaced = replaced(files, alike);
    if (!replaced.isEmpty()) {
      int at = 0;
      for (Path file : files) {
        at = rewrite(file, at, replaced);
      }
    }
    return replaced.cardinality();
  }

  private interface Record {
    void read(int number, JsonNode record) throws IOException;
  }

  private void each(List<Path> files, Record record) throws IOException {
    int number = 0;
    for (Path file : files) {
      try (BufferedReader lines = Files.newBufferedReader(file)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          record.read(number++, exact.readTree(line));
        }
      }
    }
  }

  /** The numbers that several records have, in their order. */
  private long[] alike(List<Path> files, int records) throws IOException {
    long[] numbers = new long[records];
    each(files, (n, record) -> numbers[n] = number(keyOf(record)));
    Arrays.sort(numbers);
    int found = 0;
    for (int i = 1; i < numbers.length; i++) {
      boolean first = i == 1 || numbers[i - 2] != numbers[i];
      if (numbers[i] == numbers[i - 1] && first) {
        numbers[found++] = numbers[i]; // never beyond what has been looked at
      }
    }
    return Arrays.copyOf(numbers, found);
  }

  private BitSet replaced(List<Path> files, long[] alike) throws IOException {
    Map<String, Kept> newest = new HashMap<>();
    BitSet replaced = new BitSet();
    each(
        files,
        (n, record) -> {
          String key = keyOf(record);
          if (Arrays.binarySearch(alike, number(key)) < 0) {
            return;
          }
          Kept before = newest.get(key);
          if (before == null) {
            newest.put(key, new Kept(n, record));
          } else if (isNewer(record, before.value())) {
            replaced.set(before.record());
            newest.put(key, new Kept(n, record));
          } else {
            replaced.set(n);
          }
        });
    return replaced;
  }

  /** Whether a record that came later is to stay. */
  private boolean isNewer(JsonNode later, JsonNode earlier) {
    if (cursor.isEmpty() || later.equals(earlier)) {
      return true;
    }
    int order = Order.of(field(later, cursor.get()), field(earlier, cursor.get()));
    if (order == 0) {
      throw ErrorCode.DATA_INVALID.error(
          "Source %s: a record of stream %s came twice with the same %s and the same %s, but other values, so nothing tells which is the newer. Read everything once, when nobody writes there: ecluse extract %s %s --full; if it comes back, name a cursor that moves with each change, or the right primary_key"
              .formatted(
                  settings.name(),
                  stream,
                  String.join(", ", key),
                  cursor.get(),
                  settings.name(),
                  stream));
    }
    return order > 0;
  }

  private static int rewrite(Path file, int from, BitSet replaced) throws IOException {
    Path rest = file.resolveSibling(file.getFileName() + ".rest");
    int at = from;
    try (BufferedReader lines = Files.newBufferedReader(file);
        BufferedWriter out = Files.newBufferedWriter(rest)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!replaced.get(at++)) {
          out.write(line);
          out.write('\n');
        }
      }
    }
    Files.move(rest, file, StandardCopyOption.REPLACE_EXISTING);
    return at;
  }

  private String keyOf(JsonNode record) {
    StringBuilder text = new StringBuilder();
    key.forEach(name -> text.append(field(record, name)).append('\n'));
    return text.toString();
  }

  /** A field by its name, or else by one that differs from it by case only. */
  private static JsonNode field(JsonNode record, String name) {
    JsonNode exact = record.path(name);
    return exact.isMissingNode()
        ? record.properties().stream()
            .filter(p -> p.getKey().equalsIgnoreCase(name))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse(exact)
        : exact;
  }

  private static long number(String key) {
    byte[] digest = Sha256.begin().digest(key.getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.wrap(digest).getLong();
  }
}
