package io.ecluse.source.http;

import io.ecluse.error.ErrorCode;
import io.ecluse.project.Secrets;
import io.ecluse.project.SourceFile;
import io.ecluse.project.Template;
import io.ecluse.project.Value;
import io.ecluse.source.Declared;
import io.ecluse.source.StreamPlan;
import io.ecluse.source.http.HttpSettings.Auth;
import io.ecluse.source.http.HttpSettings.Limits;
import io.ecluse.source.http.HttpSettings.Paging;
import io.ecluse.text.Durations;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/** Makes the settings of an API of what its file says, secrets resolved at that moment. */
record DeclaredApi(Declared source) {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
  private static final int RETRIES = 5;
  private static final long BYTES = 64_000_000;
  private static final int PAGES = 10_000;

  /** SECRET_MISSING; INVALID_PROJECT if a URL resolves to none that is possible. */
  HttpSettings settings() {
    Value.Entries connection = source.connection();
    return new HttpSettings(
        source.name(),
        url("connection.", connection, "url"),
        auth(connection.entries("auth")),
        source.texts(connection.entries("headers")),
        limits(source.file().extract()),
        source.content().each("streams", this::stream),
        connection.choice("redirects", HttpSettings.Leads.PUBLIC));
  }

  private Auth auth(Value.Entries auth) {
    return switch (auth.text("kind", "")) {
      case "header" ->
          new Auth.Header(
              auth.text("name", ""),
              auth.word("scheme").map(s -> s + " ").orElse("") + source.text(auth, "value"));
      case "basic" -> new Auth.Basic(source.text(auth, "user"), source.text(auth, "password"));
      case "oauth2" ->
          new Auth.ClientCredentials(
              url("connection.auth.", auth, "token_url"),
              source.text(auth, "client_id"),
              source.text(auth, "client_secret"),
              auth.word("scope"),
              auth.choice("client_auth", Auth.ClientCredentials.Sent.HEADER));
      default -> new Auth.None();
    };
  }

  private static Limits limits(Value.Entries extract) {
    return new Limits(
        extract.duration("request_timeout", TIMEOUT),
        extract.whole("retries").orElse(RETRIES),
        extract.duration("max_wait", LONGEST_WAIT),
        extract.word("max_requests").map(DeclaredApi::pace),
        extract.bytes("max_bytes").orElse(BYTES),
        extract.whole("max_pages").orElse(PAGES));
  }

  private static Limits.Pace pace(String text) {
    int slash = text.indexOf('/');
    return new Limits.Pace(
        Integer.parseInt(text.substring(0, slash)),
        Durations.parse("1" + text.substring(slash + 1)).orElseThrow());
  }

  private HttpSettings.Stream stream(String name, Value.Entries said) {
    SourceFile.Stream stream = Objects.requireNonNull(source.file().streams().get(name));
    Optional<HttpSettings.Since> since =
        StreamPlan.Mode.INCREMENTAL.isOf(stream)
            ? Optional.of(
                new HttpSettings.Since(
                    stream.cursor().orElseThrow(),
                    said.word("since").orElseThrow(),
                    stream.lookBack()))
            : Optional.empty();
    boolean posts = said.text("method", "GET").equals("POST");
    return new HttpSettings.Stream(
        request(said, posts),
        said.text("records", ""),
        paging(said.entries("paging"), posts ? "/" : ""),
        since,
        stream.primaryKey(),
        Declared.types(said));
  }

  /**
   * @param root what stands before a name that is not said
   */
  private static Paging paging(Value.Entries paging, String root) {
    Optional<Paging.Size> size =
        paging.word("size_param").map(p -> new Paging.Size(p, paging.whole("size").orElse(1)));
    Paging.End end =
        new Paging.End(
            paging.word("more"),
            paging.word("total"),
            paging.choice("short_page", Paging.ShortPage.GOES_ON));
    return switch (paging.text("kind", "none")) {
      case "link" -> new Paging.Link(paging.word("next"));
      case "cursor" ->
          new Paging.Cursor(paging.text("next", ""), paging.word("more"), paging.text("param", ""));
      case "page" ->
          new Paging.Numbered(
              paging.text("param", root + "page"), paging.whole("first").orElse(1), size, end);
      case "offset" -> new Paging.Offset(paging.text("param", root + "offset"), size, end);
      default -> new Paging.None();
    };
  }

  private HttpSettings.Request request(Value.Entries said, boolean posts) {
    Set<String> seen = new HashSet<>();
    Secrets noted = noting(seen);
    Declared as = new Declared(source.file(), noted, source.folder());
    Optional<Template> body =
        posts
            ? said.value("body").map(HttpBody::of).or(() -> Optional.of(new Template("{}")))
            : Optional.empty();
    return new HttpSettings.Request(
        said.text("path", ""),
        as.texts(said.entries("params")),
        body.map(b -> b.resolve(noted, DeclaredApi::inJson)),
        seen);
  }

  /** The same secrets, those that are asked for noted. */
  private Secrets noting(Set<String> seen) {
    return new Secrets() {
      @Override
      public String env(String name) {
        return source.secrets().env(name);
      }

      @Override
      public String secret(String name) {
        String value = source.secrets().secret(name);
        seen.add(value);
        return value;
      }
    };
  }

  /** A value as it stands between the quotes of a text in JSON. */
  private static String inJson(String value) {
    String quoted = JsonMapper.shared().writeValueAsString(value);
    return quoted.substring(1, quoted.length() - 1);
  }

  private URI url(String path, Value.Entries at, String key) {
    try {
      URI url = new URI(source.text(at, key).strip());
      boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (web
          && url.getHost() != null
          && url.getUserInfo() == null
          && url.getQuery() == null
          && url.getFragment() == null) {
        return url;
      }
    } catch (URISyntaxException e) {
      // said below; the exception would repeat what may be a secret
    }
    throw ErrorCode.INVALID_PROJECT.error(
        "%s: %s is not as https://host/path; names, passwords and parameters have keys of their own"
            .formatted(source.file().path(), path + key));
  }
}
