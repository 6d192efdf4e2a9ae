package io.ecluse.source.http;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.http.HttpSettings.Paging;
import io.ecluse.storage.Checksums;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Leads from page to page of a stream, and notices when it leads nowhere new. */
final class Pager {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Pattern LINK =
      Pattern.compile("<([^>]*)>((?:\\s*;\\s*[^,;\"=\\s]+\\s*(?:=\\s*(?:\"[^\"]*\"|[^,;\"]*))?)*)");
  private static final Pattern NEXT =
      Pattern.compile("(?i);\\s*rel\\s*=\\s*(?:\"(?:[^\"]*\\s)?next(?:\\s[^\"]*)?\"|next\\b)");

  private final String stream;
  private final HttpSettings.Stream spec;
  private final Parameters parameters;
  private final HttpErrors errors;
  private final int mostPages;
  private final Set<String> seen = new HashSet<>();
  private int page;
  private long records;
  private long longest;
  private String last = "";

  /**
   * What one page says of the next.
   *
   * @param uri that answered
   * @param request that was answered in the end
   * @param told what stands in the JSON where the paging points
   * @param digest of the whole answer
   */
  record Page(PageRequest request, HttpHeaders headers, long records, Told told, String digest) {}

  /**
   * What the JSON of a page says of the next.
   *
   * @param next the word or number that leads there
   * @param more whether there is one
   * @param total how many records there are in all
   */
  record Told(Optional<JsonNode> next, Optional<Boolean> more, Optional<Long> total) {
    static final Told NOTHING = new Told(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * @param more parameters beside those of the stream
   */
  Pager(String stream, HttpSettings settings, Map<String, JsonNode> more, HttpErrors errors) {
    this.stream = stream;
    this.spec = settings.stream(stream);
    this.errors = errors;
    this.mostPages = settings.limits().pages();
    this.parameters = new Parameters(settings.base(), spec.request());
    more.forEach(parameters::put);
  }

  PageRequest first() {
    if (spec.paging() instanceof Paging.Numbered number) {
      parameters.put(number.parameter(), NODES.numberNode(number.first()));
      number.size().ifPresent(this::put);
    } else if (spec.paging() instanceof Paging.Offset offset) {
      parameters.put(offset.parameter(), NODES.numberNode(0));
      offset.size().ifPresent(this::put);
    }
    PageRequest first = parameters.request();
    seen.add(key(first));
    return first;
  }

  private void put(Paging.Size size) {
    parameters.put(size.parameter(), NODES.numberNode(size.records()));
  }

  private static String key(PageRequest request) {
    return Checksums.sha256(request.uri() + request.body().map(b -> "\n" + b).orElse(""));
  }

  /**
   * The next page; empty after the last.
   *
   * @throws EcluseException DATA_INVALID when pages lead in a circle, or do not end
   */
  Optional<PageRequest> next(Page now) {
    page++;
    records += now.records();
    Optional<PageRequest> next = following(now);
    next.ifPresent(request -> check(request, now));
    longest = Math.max(longest, now.records());
    last = now.digest();
    return next;
  }

  private Optional<PageRequest> following(Page now) {
    Paging paging = spec.paging();
    if (paging instanceof Paging.None) {
      return Optional.empty();
    } else if (paging instanceof Paging.Link link) {
      Optional<String> to =
          link.pointer().isPresent()
              ? now.told().next().map(JsonNode::asString)
              : linked(now.headers());
      return to.map(l -> now.request().at(web(now.request().uri(), l)));
    } else if (paging instanceof Paging.Cursor cursor) {
      return cursor(cursor, now.told());
    } else if (paging instanceof Paging.Numbered number) {
      return isLast(
              now, number.end(), (long) page * number.size().map(Paging.Size::records).orElse(0))
          ? Optional.empty()
          : Optional.of(with(number.parameter(), NODES.numberNode(number.first() + page)));
    } else if (paging instanceof Paging.Offset offset) {
      return isLast(now, offset.end(), records)
          ? Optional.empty()
          : Optional.of(with(offset.parameter(), NODES.numberNode(records)));
    }
    throw new AssertionError("Unhandled " + paging);
  }

  /**
   * Whether nothing follows a page of those that are counted.
   *
   * @param asked how many records the pages so far stand for, those left out among them
   */
  private boolean isLast(Page now, Paging.End end, long asked) {
    if (end.more().isPresent()) {
      return !now.told().more().orElseThrow(() -> untold(end.more().get(), "true or false"));
    }
    if (end.total().isPresent() && !isNoContent(now)) {
      long total =
          now.told().total().orElseThrow(() -> untold(end.total().get(), "how many there are"));
      return Math.max(records, asked) >= total || now.records() == 0 && asked == 0;
    }
    return now.records() == 0
        || end.shortPage() == Paging.ShortPage.IS_LAST && now.records() < longest;
  }

  /** A page without any JSON says by that alone that nothing is there. */
  private static boolean isNoContent(Page now) {
    return now.digest().isEmpty();
  }

  private EcluseException untold(String pointer, String what) {
    return errors.error(
        ErrorCode.DATA_INVALID,
        "page %d of stream %s does not say %s at %s; correct paging of the stream"
            .formatted(page, stream, what, pointer));
  }

  private Optional<PageRequest> cursor(Paging.Cursor cursor, Told told) {
    if (!told.more().orElse(true)) {
      return Optional.empty();
    }
    if (told.more().isPresent() && told.next().isEmpty()) {
      throw errors.error(
          ErrorCode.DATA_INVALID,
          "page %d of stream %s says at %s that more follows, but nothing at %s that leads there"
              .formatted(page, stream, cursor.more().orElse(""), cursor.pointer()));
    }
    return told.next().map(word -> with(cursor.parameter(), word));
  }

  private PageRequest with(String parameter, JsonNode value) {
    parameters.put(parameter, value);
    return parameters.request();
  }

  private void check(PageRequest next, Page now) {
    boolean same = now.records() > 0 && now.digest().equals(last);
    if (same
        && (spec.paging() instanceof Paging.Numbered || spec.paging() instanceof Paging.Offset)) {
      throw errors.error(
          ErrorCode.DATA_INVALID,
          "page %d of stream %s is the same as the one before; does %s know the parameter that paging names?"
              .formatted(page, stream, now.request()));
    }
    if (!seen.add(key(next))) {
      throw errors.error(
          ErrorCode.DATA_INVALID,
          "the pages of stream %s go in a circle: page %d leads to one that was read before; check what paging of the stream says"
              .formatted(stream, page));
    }
    if (page >= mostPages) {
      throw errors.error(
          ErrorCode.DATA_INVALID,
          "stream %s has more than %d pages; ask for longer ones, or raise extract.max_pages"
              .formatted(stream, mostPages));
    }
  }

  private URI web(URI from, String link) {
    return Origin.lead(from, link)
        .orElseThrow(
            () ->
                errors.error(
                    ErrorCode.DATA_INVALID,
                    "page %d of stream %s leads on to what is no http or https URL"
                        .formatted(page, stream)));
  }

  /** The target of rel=next of a header Link (RFC 8288). */
  static Optional<String> linked(HttpHeaders headers) {
    for (String header : headers.allValues("Link")) {
      Matcher link = LINK.matcher(header);
      while (link.find()) {
        if (NEXT.matcher(link.group(2)).find()) {
          return Optional.of(link.group(1));
        }
      }
    }
    return Optional.empty();
  }
}
