package io.ecluse.project;

import io.ecluse.project.Api.PagingKind;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Makes what a {@link SourceFile} says of an HTTP API. */
final class ApiAssembly {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
  private static final int RETRIES = 5;
  private static final long BYTES = 64_000_000;
  private static final int PAGES = 10_000;

  private ApiAssembly() {}

  static Api api(Value.Entries content) {
    Value.Entries connection = content.entries("connection");
    Map<String, Api.Stream> streams = new LinkedHashMap<>();
    Value.Entries declared = content.entries("streams");
    declared.values().keySet().forEach(s -> streams.put(s, stream(declared.entries(s))));
    return new Api(
        template(connection, "url"),
        templates(connection.entries("headers")),
        auth(connection.entries("auth")),
        limits(content.entries("extract")),
        streams,
        ProjectAssembly.constant(Api.Redirects.class, connection.text("redirects", "public")));
  }

  private static Api.Auth auth(Value.Entries auth) {
    return switch (auth.text("kind", "")) {
      case "header" ->
          new Api.Auth.Header(auth.text("name", ""), text(auth, "scheme"), template(auth, "value"));
      case "basic" -> new Api.Auth.Basic(template(auth, "user"), template(auth, "password"));
      case "oauth2" ->
          new Api.Auth.Client(
              template(auth, "token_url"),
              template(auth, "client_id"),
              template(auth, "client_secret"),
              text(auth, "scope"),
              ProjectAssembly.constant(Api.ClientAuth.class, auth.text("client_auth", "header")));
      default -> new Api.Auth.None();
    };
  }

  private static Api.Limits limits(Value.Entries extract) {
    return new Api.Limits(
        SourceAssembly.duration(extract, "request_timeout", TIMEOUT),
        extract.whole("retries").orElse(RETRIES),
        SourceAssembly.duration(extract, "max_wait", LONGEST_WAIT),
        text(extract, "max_requests").map(ApiAssembly::pace),
        text(extract, "max_bytes").map(Format::bytes).orElse(BYTES),
        extract.whole("max_pages").orElse(PAGES));
  }

  private static Api.Pace pace(String text) {
    int slash = text.indexOf('/');
    return new Api.Pace(
        Integer.parseInt(text.substring(0, slash)),
        Format.duration("1" + text.substring(slash + 1)));
  }

  private static Api.Stream stream(Value.Entries content) {
    boolean posts = content.text("method", "GET").equals("POST");
    Optional<Template> body =
        posts
            ? Optional.of(content.value("body").map(BodyText::of).orElse(new Template("{}")))
            : Optional.empty();
    return new Api.Stream(
        new Api.Request(content.text("path", ""), templates(content.entries("params")), body),
        content.text("records", ""),
        paging(content.entries("paging"), posts ? "/" : ""),
        text(content, "since"),
        AccessAssembly.types(content));
  }

  /**
   * @param root what stands before a name that is not said
   */
  private static Api.Paging paging(Value.Entries paging, String root) {
    PagingKind kind = ProjectAssembly.constant(PagingKind.class, paging.text("kind", "none"));
    return new Api.Paging(
        kind,
        text(paging, "next"),
        text(paging, "more"),
        text(paging, "total"),
        ProjectAssembly.constant(Api.ShortPage.class, paging.text("short_page", "goes_on")),
        paging.text("param", root + (kind == PagingKind.OFFSET ? "offset" : "page")),
        paging.whole("first").orElse(1),
        text(paging, "size_param").map(p -> new Api.Size(p, paging.whole("size").orElse(1))));
  }

  /** Texts, numbers and flags as templates. */
  static Map<String, Template> templates(Value.Entries entries) {
    Map<String, Template> templates = new LinkedHashMap<>();
    entries.values().forEach((name, value) -> templates.put(name, new Template(plain(value))));
    return templates;
  }

  private static String plain(Value value) {
    if (value instanceof Value.Text text) {
      return text.text();
    } else if (value instanceof Value.Decimal number) {
      return number.number().toPlainString();
    } else if (value instanceof Value.Flag flag) {
      return String.valueOf(flag.flag());
    }
    throw new AssertionError("Unhandled " + value);
  }

  private static Template template(Value.Entries entries, String key) {
    return new Template(entries.text(key, ""));
  }

  private static Optional<String> text(Value.Entries entries, String key) {
    return entries.text(key).map(Value.Text::text);
  }
}
