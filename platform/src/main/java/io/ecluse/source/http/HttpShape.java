package io.ecluse.source.http;

import static io.ecluse.project.Shape.Field.optional;
import static io.ecluse.project.Shape.Field.required;
import static io.ecluse.project.SourceKeys.COLUMN;
import static io.ecluse.project.SourceKeys.DESCRIPTION;
import static io.ecluse.project.SourceKeys.DURATION;
import static io.ecluse.project.SourceKeys.SECRET;
import static io.ecluse.project.SourceKeys.TEMPLATE;

import io.ecluse.project.Format;
import io.ecluse.project.Shape;
import io.ecluse.project.Shape.AnyOf;
import io.ecluse.project.Shape.Choice;
import io.ecluse.project.Shape.Decimal;
import io.ecluse.project.Shape.Field;
import io.ecluse.project.Shape.Fields;
import io.ecluse.project.Shape.Flag;
import io.ecluse.project.Shape.MapOf;
import io.ecluse.project.Shape.Rule;
import io.ecluse.project.Shape.Text;
import io.ecluse.project.Shape.Variants;
import io.ecluse.project.Shape.Whole;
import io.ecluse.project.SourceKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The shape of sources that are HTTP APIs. */
final class HttpShape {
  private static final Shape PARAMETER = new Text(Format.PARAMETER);
  private static final Shape PLACE = new Text(Format.PLACE);
  private static final Shape POINTER = new Text(Format.POINTER);

  private HttpShape() {}

  static Fields http() {
    return SourceKeys.file(
        "a source of type http",
        HttpType.NAME,
        SourceKeys.connection(
            Fields.of(
                "a connection of type http",
                required("url", TEMPLATE, "What paths are added to, as https://host/api/v2."),
                optional("auth", auth(), "How requests say who they come from."),
                optional(
                    "headers",
                    new MapOf(Format.HEADER, TEMPLATE),
                    "Headers that every request has."),
                optional(
                    "redirects",
                    new Choice(List.of("public", "any")),
                    "Where links and redirections to other hosts may lead: to public addresses (the default), or to those of this machine and network, too (any)."))),
        required("streams", new MapOf(Format.STREAM, stream()), "Which lists are which table."),
        optional("extract", extract(), "How gently, and how patiently, to read."));
  }

  private static Shape auth() {
    Map<String, Fields> kinds = new LinkedHashMap<>();
    kind(
        kinds,
        "header",
        required("name", new Text(Format.HEADER), "The header, as Authorization or X-Api-Key."),
        optional("scheme", PARAMETER, "What stands before the value, as Bearer."),
        required("value", SECRET, "A reference to the secret."));
    kind(
        kinds,
        "basic",
        required("user", TEMPLATE, "Who signs in."),
        required("password", SECRET, "A reference to the password."));
    kind(
        kinds,
        "oauth2",
        required("token_url", TEMPLATE, "Where tokens are given for client credentials."),
        required("client_id", TEMPLATE, "Who asks."),
        required("client_secret", SECRET, "A reference to the secret."),
        optional("scope", new Text(Format.WORDS), "What the token is to be good for."),
        optional(
            "client_auth",
            new Choice(List.of("header", "body")),
            "Where id and secret are sent to the token's server; header unless said."));
    return new Variants("auth", "kind", kinds);
  }

  private static Shape paging() {
    Map<String, Fields> kinds = new LinkedHashMap<>();
    kind(
        kinds,
        "link",
        optional(
            "next", POINTER, "Where in the answer the next URL is; the header Link unless said."));
    kind(
        kinds,
        "cursor",
        required("next", POINTER, "Where in the answer what leads on is."),
        required("param", PLACE, "The parameter that takes it; of a POST, the place in the body."),
        optional(
            "more",
            POINTER,
            "Where in the answer it is true or false that more follows; what stands at next decides unless said."));
    kind(
        kinds,
        "page",
        optional(
            "param", PLACE, "The parameter that takes the number; page, or /page, unless said."),
        optional("first", new Whole(0, 1), "The number of the first page; 1 unless said."),
        sizeParameter(),
        size(),
        more(),
        total(),
        shortPage());
    kind(
        kinds,
        "offset",
        optional(
            "param",
            PLACE,
            "The parameter that takes how many came before; offset, or /offset, unless said."),
        sizeParameter(),
        size(),
        more(),
        total(),
        shortPage());
    return new Variants("paging", "kind", kinds);
  }

  private static Field more() {
    return optional(
        "more",
        POINTER,
        "Where in the answer it is true or false that more follows; an empty page ends unless said.");
  }

  private static Field total() {
    return optional(
        "total",
        POINTER,
        "Where in the answer it is said how many records there are; an empty page ends unless said.");
  }

  private static Field shortPage() {
    return optional(
        "short_page",
        new Choice(List.of("goes_on", "is_last")),
        "What a page that is shorter than one before it means; goes_on unless said, for an API may leave out records of a page.");
  }

  private static Field sizeParameter() {
    return optional("size_param", PLACE, "The parameter that takes the size of pages.");
  }

  private static Field size() {
    return optional("size", new Whole(1, 1_000_000), "Records a page; the API's own unless said.");
  }

  private static void kind(Map<String, Fields> kinds, String word, Field... more) {
    List<Field> fields = new ArrayList<>();
    fields.add(required("kind", new Choice(List.of(word)), "Which way."));
    fields.addAll(Arrays.asList(more));
    List<Rule> rules =
        fields.stream().anyMatch(f -> f.name().equals("size"))
            ? List.of(
                new Rule.OnlyWith("size", List.of("size_param")),
                new Rule.OnlyWith("size_param", List.of("size")))
            : List.of();
    kinds.put(word, new Fields(word, fields, rules));
  }

  private static Fields stream() {
    Shape parameter = new AnyOf(List.of(new Flag(), new Decimal(Optional.empty()), TEMPLATE));
    return new Fields(
        "a stream of records",
        List.of(
            DESCRIPTION,
            required("path", new Text(Format.PATH), "What is added to the URL, as /lessons."),
            optional(
                "method",
                new Choice(List.of("GET", "POST")),
                "How to ask; GET unless said. A POST is repeated like a GET, so it must only read."),
            optional("body", new Shape.Json(), "What a POST sends, as JSON; {} unless said."),
            optional(
                "params", new MapOf(Format.PARAMETER, parameter), "Parameters of every request."),
            optional(
                "records",
                POINTER,
                "Where in the answer the list is, as /data/items; the answer itself unless said."),
            optional("paging", paging(), "How pages are asked for; one answer is all unless said."),
            optional(
                "mode",
                new Choice(List.of("full", "incremental")),
                "How it is read: all of it each time (full, the default), or records whose cursor moved (incremental)."),
            optional("cursor", COLUMN, "The column that grows with each change."),
            optional(
                "since",
                PLACE,
                "The parameter that takes the highest cursor seen; of a POST, the place in the body."),
            SourceKeys.lookBack(
                "How far before the highest cursor to ask again, for records that come late."),
            SourceKeys.history(),
            SourceKeys.primaryKey(),
            SourceKeys.partition(),
            SourceKeys.sort(),
            SourceKeys.typedColumns()),
        List.of(
            new Rule.RequiredWhen(
                "mode", List.of("incremental"), List.of("cursor", "since", "primary_key")),
            new Rule.OnlyWhen("body", "method", "POST"),
            new Rule.OnlyWith("since", List.of("mode")),
            new Rule.OnlyWith("look_back", List.of("mode"))));
  }

  private static Fields extract() {
    return Fields.of(
        "extract",
        optional("request_timeout", DURATION, "How long one answer may take; 1m unless said."),
        optional(
            "retries", new Whole(0, 100), "How often a request is tried again; 5 unless said."),
        optional(
            "max_wait", DURATION, "The longest wait that the API may ask for; 5m unless said."),
        optional(
            "max_requests",
            new Text(Format.RATE),
            "Most requests in a time, as 5/s or 100/m; no limit but the API's unless said."),
        optional("max_bytes", new Text(Format.SIZE), "The longest answer; 64MB unless said."),
        optional(
            "max_pages",
            new Whole(1, 10_000_000),
            "The most pages of a stream; 10,000 unless said."),
        SourceKeys.hours());
  }
}
