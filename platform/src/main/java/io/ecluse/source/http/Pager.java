package io.ecluse.source.http;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.http.HttpSettings.Paging;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Leads from page to page of a stream, and notices when it leads nowhere new. */
final class Pager {
  private static final Pattern LINK =
      Pattern.compile("<([^>]*)>((?:\\s*;\\s*[^,;\"=\\s]+\\s*(?:=\\s*(?:\"[^\"]*\"|[^,;\"]*))?)*)");
  private static final Pattern NEXT =
      Pattern.compile("(?i);\\s*rel\\s*=\\s*(?:\"(?:[^\"]*\\s)?next(?:\\s[^\"]*)?\"|next\\b)");

  private final String stream;
  private final URI base;
  private final HttpSettings.Stream spec;
  private final Map<String, String> parameters;
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
   * @param pointed what stands in the JSON where the paging points, if anything does
   * @param digest of the whole answer
   */
  record Page(
      URI uri, HttpHeaders headers, long records, Optional<String> pointed, String digest) {}

  /**
   * @param more parameters beside those of the stream
   */
  Pager(String stream, HttpSettings settings, Map<String, String> more, HttpErrors errors) {
    this.stream = stream;
    this.base = settings.base();
    this.spec = settings.streams().get(stream);
    this.errors = errors;
    this.mostPages = settings.limits().pages();
    this.parameters = new LinkedHashMap<>(spec.parameters());
    parameters.putAll(more);
  }

  /** Where in the JSON of a page the next one is told, if there. */
  Optional<String> pointer() {
    if (spec.paging() instanceof Paging.Link link) {
      return link.pointer();
    }
    return spec.paging() instanceof Paging.Cursor cursor
        ? Optional.of(cursor.pointer())
        : Optional.empty();
  }

  URI first() {
    if (spec.paging() instanceof Paging.Numbered number) {
      parameters.put(number.parameter(), String.valueOf(number.first()));
      number.size().ifPresent(s -> parameters.put(s.parameter(), String.valueOf(s.records())));
    } else if (spec.paging() instanceof Paging.Offset offset) {
      parameters.put(offset.parameter(), "0");
      offset.size().ifPresent(s -> parameters.put(s.parameter(), String.valueOf(s.records())));
    }
    URI uri = uri();
    seen.add(uri.toString());
    return uri;
  }

  /**
   * The next page; empty after the last.
   *
   * @throws EcluseException DATA_INVALID when pages lead in a circle, or do not end
   */
  Optional<URI> next(Page now) {
    page++;
    records += now.records();
    Optional<URI> next = following(now);
    next.ifPresent(uri -> check(uri, now));
    longest = Math.max(longest, now.records());
    last = now.digest();
    return next;
  }

  private Optional<URI> following(Page now) {
    Paging paging = spec.paging();
    if (paging instanceof Paging.None) {
      return Optional.empty();
    } else if (paging instanceof Paging.Link link) {
      Optional<String> to = link.pointer().isPresent() ? now.pointed() : linked(now.headers());
      return to.map(l -> web(now.uri(), l));
    } else if (paging instanceof Paging.Cursor cursor) {
      return now.pointed().map(word -> with(cursor.parameter(), word));
    } else if (paging instanceof Paging.Numbered number) {
      return isLast(now)
          ? Optional.empty()
          : Optional.of(with(number.parameter(), String.valueOf(number.first() + page)));
    } else if (paging instanceof Paging.Offset offset) {
      return isLast(now)
          ? Optional.empty()
          : Optional.of(with(offset.parameter(), String.valueOf(records)));
    }
    throw new AssertionError("Unhandled " + paging);
  }

  /**
   * Whether a page is empty, or shorter than one before it. A first page that is shorter than asked
   * for says nothing: the API may give fewer than one asks for.
   */
  private boolean isLast(Page now) {
    return now.records() == 0 || now.records() < longest;
  }

  private URI with(String parameter, String value) {
    parameters.put(parameter, value);
    return uri();
  }

  private void check(URI next, Page now) {
    boolean same = now.records() > 0 && now.digest().equals(last);
    if (same
        && (spec.paging() instanceof Paging.Numbered || spec.paging() instanceof Paging.Offset)) {
      throw errors.error(
          ErrorCode.DATA_INVALID,
          "page %d of stream %s is the same as the one before; does %s know the parameter that paging names?"
              .formatted(page, stream, HttpErrors.shown(now.uri())));
    }
    if (!seen.add(next.toString())) {
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

  private URI uri() {
    String prefix = base.toString().replaceFirst("/+$", "");
    String path = spec.path().replaceFirst("^/+", "");
    String query =
        parameters.entrySet().stream()
            .map(e -> encoded(e.getKey()) + "=" + encoded(e.getValue()))
            .collect(Collectors.joining("&", "?", ""));
    return URI.create(
        prefix + (path.isEmpty() ? "" : "/" + path) + (parameters.isEmpty() ? "" : query));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
