package io.ecluse.source.http;

import io.ecluse.schema.DataType;
import io.ecluse.source.http.HttpSettings.Auth;
import io.ecluse.source.http.HttpSettings.Limits;
import io.ecluse.source.http.HttpSettings.Paging;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Settings of APIs and what they answer. */
final class HttpFixture {
  static final Limits LIMITS =
      new Limits(Duration.ofSeconds(20), 3, Duration.ofMinutes(5), Optional.empty(), 16 << 20, 40);

  /** Pages that end with an empty one. */
  static final HttpSettings.Paging.End EMPTY_PAGE =
      new HttpSettings.Paging.End(
          Optional.empty(), Optional.empty(), HttpSettings.Paging.ShortPage.GOES_ON);

  private HttpFixture() {}

  static HttpSettings settings(URI base, Auth auth, Map<String, HttpSettings.Stream> streams) {
    return new HttpSettings(
        "school", base, auth, Map.of(), LIMITS, streams, HttpSettings.Leads.PUBLIC);
  }

  static HttpSettings.Stream stream(String path, String records, Paging paging) {
    return new HttpSettings.Stream(
        new HttpSettings.Request(path, Map.of(), Optional.empty(), Set.of()),
        records,
        paging,
        Optional.empty(),
        List.of(),
        Map.of());
  }

  static HttpSettings.Stream typed(String path, Map<String, DataType> types) {
    return new HttpSettings.Stream(
        new HttpSettings.Request(path, Map.of(), Optional.empty(), Set.of()),
        "",
        new Paging.None(),
        Optional.empty(),
        List.of(),
        types);
  }

  /** Objects with these ids. */
  static String ids(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj("{\"id\": %d}"::formatted)
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
