package io.ecluse.source.http;

import io.ecluse.project.Keys;
import io.ecluse.project.Shape;
import io.ecluse.project.Shape.Fields;
import io.ecluse.project.Shape.Rule;
import io.ecluse.project.Shape.Variants;
import io.ecluse.project.SourceKeys;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The shape of sources that are HTTP APIs. */
final class HttpShape {
  private static final String SIZE =
      """
      size_param: place  The parameter that takes the size of pages.
      size: 1..1000000  Records a page; the API's own unless said.
      more: pointer  Where in the answer it is true or false that more follows; an empty page ends unless said.
      total: pointer  Where in the answer it is said how many records there are; an empty page ends unless said.
      short_page: goes_on|is_last  What a page that is shorter than one before it means; goes_on unless said, for an API may leave out records of a page.
      """;

  private HttpShape() {}

  static Fields http() {
    return SourceKeys.file(
        "a source of type http",
        HttpType.NAME,
        """
        connection!: {a connection of type http}  How to connect. Values may hold ${env:NAME} and ${secret:NAME}.
          url!: template  What paths are added to, as https://host/api/v2.
          auth: @auth  How requests say who they come from.
          headers: map header template  Headers that every request has.
          redirects: public|any  Where links and redirections to other hosts may lead: to public addresses (the default), or to those of this machine and network, too (any).
        streams!: map stream @stream  Which lists are which table.
        extract: {extract}  How gently, and how patiently, to read.
          request_timeout: duration  How long one answer may take; 1m unless said.
          retries: 0..100  How often a request is tried again; 5 unless said.
          max_wait: duration  The longest wait that the API may ask for; 5m unless said.
          max_requests: rate  Most requests in a time, as 5/s or 100/m; no limit but the API's unless said.
          max_bytes: size  The longest answer; 64MB unless said.
          max_pages: 1..10000000  The most pages of a stream; 10,000 unless said.
        """
            + SourceKeys.HOURS,
        Map.of("auth", auth(), "stream", stream()));
  }

  private static Shape auth() {
    Map<String, Fields> kinds = new LinkedHashMap<>();
    kind(
        kinds,
        "header",
        """
        name!: header  The header, as Authorization or X-Api-Key.
        scheme: parameter  What stands before the value, as Bearer.
        value!: secret  A reference to the secret.
        """);
    kind(
        kinds,
        "basic",
        """
        user!: template  Who signs in.
        password!: secret  A reference to the password.
        """);
    kind(
        kinds,
        "oauth2",
        """
        token_url!: template  Where tokens are given for client credentials.
        client_id!: template  Who asks.
        client_secret!: secret  A reference to the secret.
        scope: words  What the token is to be good for.
        client_auth: header|body  Where id and secret are sent to the token's server; header unless said.
        """);
    return new Variants("auth", "kind", kinds);
  }

  private static Shape paging() {
    Map<String, Fields> kinds = new LinkedHashMap<>();
    kind(
        kinds,
        "link",
        """
        next: pointer  Where in the answer the next URL is; the header Link unless said.
        """);
    kind(
        kinds,
        "cursor",
        """
        next!: pointer  Where in the answer what leads on is.
        param!: place  The parameter that takes it; of a POST, the place in the body.
        more: pointer  Where in the answer it is true or false that more follows; what stands at next decides unless said.
        """);
    Rule[] together = {
      new Rule.OnlyWith("size", List.of("size_param")),
      new Rule.OnlyWith("size_param", List.of("size"))
    };
    kind(
        kinds,
        "page",
        """
        param: place  The parameter that takes the number; page, or /page, unless said.
        first: 0..1  The number of the first page; 1 unless said.
        """
            + SIZE,
        together);
    kind(
        kinds,
        "offset",
        """
        param: place  The parameter that takes how many came before; offset, or /offset, unless said.
        """
            + SIZE,
        together);
    return new Variants("paging", "kind", kinds);
  }

  private static void kind(Map<String, Fields> kinds, String word, String keys, Rule... rules) {
    String all = "kind!: %s|  Which way.\n".formatted(word) + keys;
    kinds.put(word, Keys.of(word, all).with(rules));
  }

  private static Fields stream() {
    return Keys.of(
            "a stream of records",
            SourceKeys.DESCRIPTION
                + """
                path!: path  What is added to the URL, as /lessons.
                method: GET|POST  How to ask; GET unless said. A POST is repeated like a GET, so it must only read.
                body: json  What a POST sends, as JSON; {} unless said.
                params: map parameter flag or number or template  Parameters of every request.
                records: pointer  Where in the answer the list is, as /data/items; the answer itself unless said.
                paging: @paging  How pages are asked for; one answer is all unless said.
                mode: full|incremental  How it is read: all of it each time (full, the default), or records whose cursor moved (incremental).
                cursor: column  The column that grows with each change.
                since: place  The parameter that takes the highest cursor seen; of a POST, the place in the body.
                look_back: 1.. or duration  How far before the highest cursor to ask again, for records that come late.
                """
                + SourceKeys.HISTORY
                + SourceKeys.TYPED_COLUMNS,
            Map.of("paging", paging()))
        .with(
            new Rule.RequiredWhen(
                "mode", List.of("incremental"), List.of("cursor", "since", "primary_key")),
            new Rule.OnlyWhen("body", "method", "POST"),
            new Rule.OnlyWith("since", List.of("mode")),
            new Rule.OnlyWith("look_back", List.of("mode")));
  }
}
