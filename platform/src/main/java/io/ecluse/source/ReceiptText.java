package io.ecluse.source;

import io.ecluse.text.Amounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The receipt of an extract for people, from the facts of its task: a line for each question. */
public final class ReceiptText {
  private static final String IMPACT = "impact_";
  private static final String SERVER = IMPACT + "server_";
  private static final List<String> PHASES = List.of("before", "during", "after");
  private static final Map<String, String> COUNTED =
      Map.of(
          "blocks_hit", "%s blocks from its memory",
          "blocks_read", "%s blocks from its disk",
          "blocks_asked", "%s blocks asked for",
          "rows_read", "%s rows read",
          "temp_bytes", "%s of temporary files",
          "running_ms_sampled", "%s ms at work for us (sampled)",
          "disk_ms_sampled", "%s ms waiting for its disk for us (sampled)",
          "sending_ms_sampled", "%s ms waiting for us to take rows (sampled)",
          "cpu_time_ms", "%s ms of processor",
          "busy_time_ms", "%s ms busy");

  private final Map<String, String> facts;

  private ReceiptText(Map<String, String> facts) {
    this.facts = facts;
  }

  /**
   * @param facts of a task: others than those of {@link ImpactReceipt#facts} are left out
   * @return no line if there is no receipt among them
   */
  public static List<String> lines(Map<String, String> facts) {
    ReceiptText text = new ReceiptText(facts);
    return Stream.of(
            text.hold(),
            text.phases("answered in ms, median (p95)", "probe_%s_ms"),
            text.phases("replicas behind by seconds", "replica_lag_%s_s"),
            text.server())
        .filter(line -> !line.isEmpty())
        .toList();
  }

  private String hold() {
    return Stream.of(
            fact("seconds").map(s -> s + " s"),
            fact("connections").map(n -> n.equals("1") ? "1 connection" : n + " connections"),
            fact("bytes_sent").map(b -> bytes(b) + " sent"),
            fact("snapshot_seconds").map(s -> "snapshot held for " + s + " s"),
            fact("throttled_seconds").map(s -> "readers waited " + s + " s to spare it"))
        .flatMap(Optional::stream)
        .collect(Collectors.joining(", "));
  }

  private Optional<String> fact(String name) {
    return Optional.ofNullable(facts.get(IMPACT + name));
  }

  private String phases(String what, String name) {
    String felt =
        PHASES.stream()
            .flatMap(
                p -> fact(name.formatted(p)).map(f -> p + " " + f.replace("p95 ", "")).stream())
            .collect(Collectors.joining(", "));
    return felt.isEmpty() ? "" : what + ": " + felt;
  }

  private String server() {
    List<String> counted = new ArrayList<>();
    new TreeMap<>(facts)
        .forEach(
            (name, value) -> {
              if (name.startsWith(SERVER)) {
                counted.add(counted(name.substring(SERVER.length()), value));
              }
            });
    fact("replicas_hidden").ifPresent(n -> counted.add(n + " replicas that it does not show us"));
    return counted.isEmpty() ? "" : "the server counts: " + String.join(", ", counted);
  }

  private static String counted(String name, String value) {
    String amount =
        name.endsWith("_bytes") && value.matches("\\d{1,18}") ? bytes(value) : grouped(value);
    String unknown = "%s " + name.replace("_bytes", "").replace('_', ' ');
    return COUNTED.getOrDefault(name, unknown).formatted(amount);
  }

  private static String grouped(String value) {
    return value.matches("\\d{1,18}") ? Amounts.number(Long.parseLong(value)) : value;
  }

  private static String bytes(String value) {
    return Amounts.bytes(Math.round(Double.parseDouble(value)));
  }
}
