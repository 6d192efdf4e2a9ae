package io.ecluse.flow;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.Api;
import io.ecluse.project.Secrets;
import io.ecluse.project.SourceFile;
import io.ecluse.project.Template;
import io.ecluse.source.http.HttpSettings;
import io.ecluse.source.http.HttpSettings.Auth;
import io.ecluse.source.http.HttpSettings.Paging;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/** Makes the settings of an HTTP API, its secrets resolved at that moment. */
record ApiSettings(Secrets secrets) {
  /** SECRET_MISSING; INVALID_PROJECT if a URL resolves to none that is possible. */
  HttpSettings of(SourceFile file, Api api) {
    Api.Limits limits = api.limits();
    Map<String, HttpSettings.Stream> streams = new LinkedHashMap<>();
    api.streams()
        .forEach(
            (name, stream) ->
                streams.put(
                    name, stream(Objects.requireNonNull(file.streams().get(name)), stream)));
    return new HttpSettings(
        file.name(),
        url(file, "connection.url", api.url()),
        auth(file, api.auth()),
        resolved(api.headers()),
        new HttpSettings.Limits(
            limits.timeout(),
            limits.retries(),
            limits.longestWait(),
            limits.pace().map(p -> new HttpSettings.Limits.Pace(p.requests(), p.per())),
            limits.bytes(),
            limits.pages()),
        streams,
        switch (api.redirects()) {
          case PUBLIC -> HttpSettings.Leads.PUBLIC;
          case ANY -> HttpSettings.Leads.ANYWHERE;
        });
  }

  private Auth auth(SourceFile file, Api.Auth auth) {
    if (auth instanceof Api.Auth.None) {
      return new Auth.None();
    } else if (auth instanceof Api.Auth.Header header) {
      return new Auth.Header(
          header.name(),
          header.scheme().map(s -> s + " ").orElse("") + header.value().resolve(secrets));
    } else if (auth instanceof Api.Auth.Basic basic) {
      return new Auth.Basic(basic.user().resolve(secrets), basic.password().resolve(secrets));
    } else if (auth instanceof Api.Auth.Client client) {
      return new Auth.ClientCredentials(
          url(file, "connection.auth.token_url", client.tokenUrl()),
          client.id().resolve(secrets),
          client.secret().resolve(secrets),
          client.scope(),
          Auth.ClientCredentials.Sent.valueOf(client.sent().name()));
    }
    throw new AssertionError("Unhandled " + auth);
  }

  private HttpSettings.Stream stream(SourceFile.Stream declared, Api.Stream stream) {
    Optional<HttpSettings.Since> since =
        declared.mode() == SourceFile.Mode.INCREMENTAL
            ? Optional.of(
                new HttpSettings.Since(
                    declared.cursor().orElseThrow(),
                    stream.since().orElseThrow(),
                    declared.lookBack()))
            : Optional.empty();
    return new HttpSettings.Stream(
        request(stream.request()),
        stream.records(),
        paging(stream.paging()),
        since,
        declared.primaryKey(),
        stream.types());
  }

  private static Paging paging(Api.Paging paging) {
    Optional<Paging.Size> size =
        paging.size().map(s -> new Paging.Size(s.parameter(), s.records()));
    return switch (paging.kind()) {
      case NONE -> new Paging.None();
      case LINK -> new Paging.Link(paging.next());
      case CURSOR ->
          new Paging.Cursor(paging.next().orElseThrow(), paging.more(), paging.parameter());
      case PAGE -> new Paging.Numbered(paging.parameter(), paging.first(), size, end(paging));
      case OFFSET -> new Paging.Offset(paging.parameter(), size, end(paging));
    };
  }

  private static Paging.End end(Api.Paging paging) {
    return new Paging.End(
        paging.more(), paging.total(), Paging.ShortPage.valueOf(paging.shortPage().name()));
  }

  private HttpSettings.Request request(Api.Request request) {
    Set<String> seen = new HashSet<>();
    Secrets noted =
        new Secrets() {
          @Override
          public String env(String name) {
            return secrets.env(name);
          }

          @Override
          public String secret(String name) {
            String value = secrets.secret(name);
            seen.add(value);
            return value;
          }
        };
    Map<String, String> parameters = new ApiSettings(noted).resolved(request.parameters());
    Optional<String> body = request.body().map(b -> b.resolve(noted, ApiSettings::inJson));
    return new HttpSettings.Request(request.path(), parameters, body, seen);
  }

  /** A value as it stands between the quotes of a text in JSON. */
  private static String inJson(String value) {
    String quoted = JsonMapper.shared().writeValueAsString(value);
    return quoted.substring(1, quoted.length() - 1);
  }

  private Map<String, String> resolved(Map<String, Template> templates) {
    Map<String, String> resolved = new LinkedHashMap<>();
    templates.forEach((name, value) -> resolved.put(name, value.resolve(secrets)));
    return resolved;
  }

  private URI url(SourceFile file, String key, Template template) {
    try {
      URI url = new URI(template.resolve(secrets).strip());
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
    throw new EcluseException(
        ErrorCode.INVALID_PROJECT,
        "%s: %s is not as https://host/path; names, passwords and parameters have keys of their own"
            .formatted(file.path(), key));
  }
}
