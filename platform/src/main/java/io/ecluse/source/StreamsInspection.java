package io.ecluse.source;

import io.ecluse.error.EcluseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Looks at a source by what it says of its streams: all that can be known of any kind. */
public record StreamsInspection(Source source) implements SourceInspection {
  @Override
  public Discovery discover(InspectionListener listener) {
    listener.looking(source.name(), 0, 1);
    List<Discovery.Found> found = source.streams().stream().map(StreamsInspection::found).toList();
    return new Discovery("Source " + source.name(), found, List.of(), List.of());
  }

  private static Discovery.Found found(StreamDescription stream) {
    return new Discovery.Found(
        stream.name(),
        "",
        List.of(),
        Optional.of(stream.estimatedRows()).filter(rows -> rows >= 0),
        stream.bytes(),
        PersonalNames.found(stream.name(), stream.columns(), c -> Optional.empty()),
        List.of());
  }

  @Override
  public void check(List<WantedStream> wanted, FindingListener found) {
    Map<String, StreamDescription> there = new TreeMap<>();
    try {
      source.streams().forEach(s -> there.put(s.name(), s));
    } catch (EcluseException e) {
      found.failed("streams", e);
      return;
    }
    List<String> missing =
        wanted.stream().map(WantedStream::name).filter(n -> !there.containsKey(n)).toList();
    int all = wanted.isEmpty() ? there.size() : wanted.size();
    found.accept(
        missing.isEmpty()
            ? Finding.ok("streams", "all %d are there".formatted(all))
            : Finding.problem(
                "streams",
                "there is no stream " + String.join(", ", missing),
                "there are %s; correct streams of sources/%s.yaml"
                    .formatted(String.join(", ", there.keySet()), source.name())));
  }
}
