package io.ecluse.source.http;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.Discovery;
import io.ecluse.source.FileDecoder;
import io.ecluse.source.Finding;
import io.ecluse.source.FindingListener;
import io.ecluse.source.SourceInspection;
import io.ecluse.source.http.HttpSettings.Auth;
import io.ecluse.source.http.HttpSettings.Paging;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Asks an API for the first two pages of each stream, as an extract would, but once: nothing is
 * tried again, and where it wants to be left alone it is.
 *
 * @param settings that are impatient
 * @param scratch a folder for what is answered
 */
record HttpInspection(HttpSettings settings, FileDecoder decoder, Path scratch, Clock clock)
    implements SourceInspection {
  /** What is so of the API, and not of each stream. */
  private static final Set<String> OF_ALL = Set.of("address", "auth", "rate_limit");

  @Override
  public Discovery discover(InspectionListener listener) {
    throw ErrorCode.INVALID_USAGE.error(
        "sources/%s.yaml is of type http, and APIs do not say what they have: name paths under streams; ecluse source check %s asks for the first pages of each"
            .formatted(settings.name(), settings.name()));
  }

  @Override
  public void check(List<WantedStream> wanted, FindingListener found) {
    HttpApi api =
        new HttpApi(
            settings,
            new HttpApi.Tools(new HttpErrors(settings), clock, Pacing.Waiting::real),
            line -> {}); // it tells of tries, and there are none
    Set<String> known = new TreeSet<>();
    for (String stream : settings.streams().keySet()) {
      FindingListener once = f -> tell(f, known, found);
      Optional<WantedStream> said =
          wanted.stream().filter(w -> w.name().equals(stream)).findFirst();
      if (!goesOn(stream, said, api, once)) {
        return;
      }
    }
  }

  private static void tell(Finding finding, Set<String> known, FindingListener found) {
    boolean ofAll = finding.state() == Finding.State.OK && OF_ALL.contains(finding.check());
    if (!ofAll || known.add(finding.check())) {
      found.accept(finding);
    }
  }

  /** Looks at a stream; false when nothing more can be known. */
  private boolean goesOn(
      String stream, Optional<WantedStream> wanted, HttpApi api, FindingListener found) {
    HttpSettings.Stream spec = settings.stream(stream);
    Path answer = scratch.resolve("answer.json");
    try (Spool spool = new Spool(scratch, stream)) {
      Pager pager = new Pager(stream, settings, Map.of(), new HttpErrors(settings));
      PageReader reader = new PageReader(new HttpErrors(settings), spec);
      HttpApi.Answer first = api.ask(pager.first(), answer);
      found.ok("address", HttpErrors.shown(settings.base()) + " answers");
      Pager.Page page = readFirst(reader, first, spool, found);
      found.ok("page", "%s: %d records on the first page".formatted(stream, page.records()));
      boolean more = checkRate(page, found);
      checkPaging(stream, page, pager, found)
          .filter(next -> more)
          .ifPresent(next -> second(stream, next, new Asking(api, pager, reader, spool), found));
      spool.end();
      checkColumns(stream, wanted, spool, found);
      return more;
    } catch (EcluseException e) {
      found.accept(failed(stream, e));
      return e.code() != ErrorCode.SOURCE_UNREACHABLE;
    }
  }

  /** Reads a page, which may still say, with status 200, that it refuses who asks. */
  private Pager.Page readFirst(
      PageReader reader, HttpApi.Answer first, Spool spool, FindingListener found) {
    Finding accepted = Finding.ok("auth", accepted());
    try {
      Pager.Page page = reader.read(first, spool);
      found.accept(accepted);
      return page;
    } catch (EcluseException e) {
      if (e.code() != ErrorCode.SOURCE_REFUSED) {
        found.accept(accepted);
      }
      throw e;
    }
  }

  /** What pages are asked for with. */
  private record Asking(HttpApi api, Pager pager, PageReader reader, Spool spool) {}

  private String accepted() {
    Auth auth = settings.auth();
    if (auth instanceof Auth.None) {
      return "nothing says who we are, and nothing has to";
    } else if (auth instanceof Auth.Header header) {
      return "what the header %s says is accepted".formatted(header.name());
    } else if (auth instanceof Auth.Basic) {
      return "user and password are accepted";
    } else if (auth instanceof Auth.ClientCredentials client) {
      return "%s gave a token, and it is accepted".formatted(HttpErrors.shown(client.tokenUrl()));
    }
    throw new AssertionError("Unhandled " + auth);
  }

  /** Whether the API still may be asked. */
  private boolean checkRate(Pager.Page page, FindingListener found) {
    Optional<String> said = RateLimit.said(page.headers());
    Optional<Duration> exhausted =
        new Pacing(Optional.empty(), clock, Pacing.Waiting::real).exhausted(page.headers());
    if (exhausted.isPresent()) {
      found.note(
          "rate_limit",
          "nothing more may be asked for %d s (%s), so the rest was not tried"
              .formatted(exhausted.get().toSeconds(), said.orElse("")),
          "an extract waits as long as extract.max_wait allows; set extract.max_requests so that it need not");
      return false;
    }
    found.ok("rate_limit", said.orElse("the API tells none in its headers"));
    return true;
  }

  private Optional<PageRequest> checkPaging(
      String stream, Pager.Page page, Pager pager, FindingListener found) {
    Paging paging = settings.stream(stream).paging();
    Optional<PageRequest> next = pager.next(page);
    if (next.isPresent()) {
      return next;
    } else if (!(paging instanceof Paging.None)) {
      found.note(
          "paging",
          "%s: the first page leads to no other; if there are more records, paging does not say how to get them"
              .formatted(stream));
    } else if (Pager.linked(page.headers()).isPresent()) {
      found.problem(
          "paging",
          "%s: the header Link leads to another page, but the file says no paging, so only the first %d records would be read"
              .formatted(stream, page.records()),
          "add to the stream in sources/%s.yaml: paging: { kind: link }"
              .formatted(settings.name()));
    } else {
      found.ok("paging", "%s: none; one answer is all".formatted(stream));
    }
    return Optional.empty();
  }

  private void second(String stream, PageRequest next, Asking asking, FindingListener found) {
    try {
      Pager.Page page =
          asking
              .reader()
              .read(asking.api().ask(next, scratch.resolve("answer.json")), asking.spool());
      Optional<PageRequest> third = asking.pager().next(page);
      found.ok(
          "paging",
          "%s: the second page has %d records%s"
              .formatted(
                  stream,
                  page.records(),
                  third.isPresent() ? " and leads on" : ", and is the last"));
    } catch (EcluseException e) {
      found.failed(
          "paging",
          e,
          "correct paging of stream %s in sources/%s.yaml".formatted(stream, settings.name()));
    }
  }

  private void checkColumns(
      String stream, Optional<WantedStream> wanted, Spool spool, FindingListener found) {
    HttpSettings.Stream spec = settings.stream(stream);
    List<FileDecoder.Input> inputs = spool.inputs();
    if (inputs.isEmpty()) {
      found.note(
          "columns",
          "%s: there is no record, so nothing tells which columns there are".formatted(stream),
          "say columns with their types, if it may be empty when it is extracted");
      return;
    }
    try (FileDecoder.Session session =
        decoder.open(inputs.stream().map(FileDecoder.Input::path).toList(), scratch)) {
      List<String> columns =
          session.look(inputs.get(0), spec.types()).staged().stream()
              .map(c -> c.column().name())
              .toList();
      List<String> missing =
          new ArrayList<>(wanted.map(WantedStream::primaryKey).orElse(List.of()));
      wanted.flatMap(WantedStream::cursor).ifPresent(missing::add);
      missing.removeAll(columns);
      found.accept(
          missing.isEmpty()
              ? Finding.ok("columns", "%s: %d in these pages".formatted(stream, columns.size()))
              : Finding.problem(
                  "columns",
                  "%s: there is no %s, which primary_key or cursor names; there are %s"
                      .formatted(stream, String.join(", ", missing), String.join(", ", columns)),
                  "correct the stream in sources/%s.yaml".formatted(settings.name())));
    }
  }

  private Finding failed(String stream, EcluseException e) {
    String file = "sources/" + settings.name() + ".yaml";
    return switch (e.code()) {
      case SOURCE_UNREACHABLE ->
          Finding.failed("address", e, "start it, or correct connection.url in " + file);
      case SOURCE_REFUSED ->
          Finding.failed(
              "auth",
              e,
              "correct connection.auth in %s; a secret is given anew with: ecluse secret NAME"
                  .formatted(file),
              "if the answer is about the request, correct path, params and body of stream "
                  + stream);
      case SOURCE_MISSING_STREAM ->
          Finding.failed("page", e, "correct path of stream %s in %s".formatted(stream, file));
      case SOURCE_LOST, TIMED_OUT -> Finding.failed("page", e, "try again later");
      default ->
          Finding.failed(
              "page", e, "correct records and paging of stream %s in %s".formatted(stream, file));
    };
  }
}
