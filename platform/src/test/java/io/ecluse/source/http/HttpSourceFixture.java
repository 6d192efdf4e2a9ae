package io.ecluse.source.http;

import io.ecluse.source.Landing;
import io.ecluse.source.Source;
import io.ecluse.source.SourceFixture;
import io.ecluse.source.http.ApiServer.Answer;
import io.ecluse.source.http.HttpSettings.Auth;
import io.ecluse.source.http.HttpSettings.Paging;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;

/** An API, and sources that read it by a clock that goes on only when they wait. */
abstract class HttpSourceFixture extends SourceFixture {
  final ApiServer server = new ApiServer();
  final SteppingClock clock = new SteppingClock();

  @AfterEach
  void stop() {
    server.close();
  }

  final Source of(HttpSettings settings) {
    Landing.Stage stage = new Landing.Stage(staging(), stage().encoder(), clock);
    return new HttpSource(settings, stage, files(), clock);
  }

  final Source at(URI base, Auth auth, Map<String, HttpSettings.Stream> streams) {
    return of(HttpFixture.settings(base, auth, streams));
  }

  /** A source whose stream people is this, without any secret. */
  final Source plain(HttpSettings.Stream stream) {
    return at(server.url(), new Auth.None(), Map.of("people", stream));
  }

  final Source plain(Paging paging) {
    return plain(HttpFixture.stream("/things", "/items", paging));
  }

  final List<List<String>> landed(Source source) {
    return rows(
        extract(source, "x1", "people"), "select count(*), count(distinct id), max(id) from %s");
  }

  /** 25 things, 10 a page, told by all ways at once; pages are counted from 0. */
  final Answer things(ApiServer.Request request) {
    int from =
        Stream.of(
                request.number("skip", 0),
                request.number("after", 0),
                request.number("page", 0) * 10)
            .mapToInt(i -> i)
            .max()
            .orElse(0);
    String next = from + 10 < 25 ? String.valueOf(from + 10) : "";
    String url = next.isEmpty() ? "null" : "\"?skip=" + next + "\"";
    Answer answer =
        Answer.json(
            "{\"meta\": {\"next\": %s}, \"items\": %s, \"links\": {\"next\": %s}}"
                .formatted(
                    next.isEmpty() ? "null" : next,
                    HttpFixture.ids(from, Math.max(from, Math.min(25, from + 10))),
                    url));
    return next.isEmpty()
        ? answer
        : answer.with(
            "Link", "</things?skip=0>; rel=\"first\", </things?skip=" + next + ">; rel=next");
  }

  static HttpSettings.Request get(String path, Map<String, String> parameters) {
    return new HttpSettings.Request(path, parameters, Optional.empty(), Set.of());
  }
}
