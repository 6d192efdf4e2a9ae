package io.ecluse.source.http;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.http.HttpSettings.Paging;
import io.ecluse.storage.Checksums;
import java.io.EOFException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.ZipException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonPointer;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Takes the records out of a page, one after the other, however long it is. */
final class PageReader {
  private static final int LISTS_IN_A_MESSAGE = 10;
  private static final int NO_CONTENT = 204;
  private static final Pattern IN_A_LIST = Pattern.compile("/\\d+(/|$)");

  private final HttpErrors errors;
  private final JsonPointer records;
  private final Optional<JsonPointer> next;
  private final Optional<JsonPointer> more;
  private final Optional<JsonPointer> total;

  PageReader(HttpErrors errors, HttpSettings.Stream spec) {
    this.errors = errors;
    this.records = JsonPointer.compile(spec.records());
    this.next = next(spec.paging()).map(JsonPointer::compile);
    this.more = more(spec.paging()).map(JsonPointer::compile);
    this.total = end(spec.paging()).flatMap(Paging.End::total).map(JsonPointer::compile);
  }

  private static Optional<String> more(Paging paging) {
    return paging instanceof Paging.Cursor cursor
        ? cursor.more()
        : end(paging).flatMap(Paging.End::more);
  }

  private static Optional<Paging.End> end(Paging paging) {
    if (paging instanceof Paging.Numbered numbered) {
      return Optional.of(numbered.end());
    }
    return paging instanceof Paging.Offset offset ? Optional.of(offset.end()) : Optional.empty();
  }

  /** Where in the JSON of a page the next one is told, if there. */
  private static Optional<String> next(Paging paging) {
    if (paging instanceof Paging.Link link) {
      return link.pointer();
    }
    return paging instanceof Paging.Cursor cursor
        ? Optional.of(cursor.pointer())
        : Optional.empty();
  }

  private static final class Found {
    private boolean list;
    private long count;
    private long noObject; // said at the end, for GraphQL may say why
    private Optional<JsonNode> next = Optional.empty();
    private Optional<Boolean> more = Optional.empty();
    private Optional<Long> total = Optional.empty();
    private final Set<String> lists = new LinkedHashSet<>();
  }

  /**
   * Reads an answer.
   *
   * @throws EcluseException DATA_INVALID for what is no JSON, or no list of objects; SOURCE_REFUSED
   *     for GraphQL's errors
   */
  Pager.Page read(HttpApi.Answer answer, Spool spool) {
    if (answer.status() == NO_CONTENT) {
      return new Pager.Page(answer.request(), answer.headers(), 0, Pager.Told.NOTHING, "");
    }
    String where = answer.request().toString();
    AnswerBody body = new AnswerBody(errors, answer, errors.mostBytes());
    Found found = new Found();
    try (JsonParser parser = body.parser()) {
      if (parser.nextToken() == null) {
        throw errors.error(
            ErrorCode.DATA_INVALID,
            "the answer of %s is empty; an API without records answers with an empty list"
                .formatted(where));
      }
      while (parser.currentToken() != null) {
        look(parser, found, spool, answer.request());
        parser.nextToken();
      }
    } catch (StreamConstraintsException e) {
      throw errors.error(
          ErrorCode.DATA_INVALID,
          "the answer of %s is nested too deeply, or holds a text or a number that is too long"
              .formatted(where));
    } catch (JacksonIOException e) {
      throw unreadable(answer, Objects.requireNonNull(e.getCause()));
    } catch (JacksonException e) {
      throw noJson(answer, body, e);
    } catch (IOException e) {
      throw unreadable(answer, e);
    }
    check(found, where);
    return new Pager.Page(
        answer.request(),
        answer.headers(),
        found.count,
        new Pager.Told(found.next, found.more, found.total),
        digest(answer));
  }

  private void check(Found found, String where) {
    if (!found.list) {
      throw errors.error(
          ErrorCode.DATA_INVALID,
          "the answer of %s has no list %s; %s"
              .formatted(
                  where,
                  records.matches() ? "by itself" : "at " + records,
                  found.lists.isEmpty()
                      ? "there is none in it at all: check the stream's path"
                      : "there are lists at "
                          + String.join(", ", found.lists)
                          + ": name one as the stream's records"));
    }
    if (found.noObject > 0) {
      throw errors.error(
          ErrorCode.DATA_INVALID,
          "record %d in the answer of %s is no object, so it has no columns; check the stream's records"
              .formatted(found.noObject, where));
    }
  }

  private void look(JsonParser parser, Found found, Spool spool, PageRequest request) {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_ARRAY) {
      JsonPointer at = parser.streamReadContext().pathAsPointer();
      if (at.equals(records)) {
        found.list = true;
        copy(parser, found, spool);
      } else if (request.body().isPresent() && at.toString().equals(GraphQlErrors.POINTER)) {
        checkErrors(parser, request);
      } else if (found.lists.size() < LISTS_IN_A_MESSAGE
          && !IN_A_LIST.matcher(at.toString()).find()) {
        found.lists.add("'" + at + "'");
      }
    } else if (token.isScalarValue()) {
      JsonPointer at = parser.streamReadContext().pathAsPointer();
      if (token == JsonToken.VALUE_NULL && at.equals(records)) {
        found.list = true; // nothing is a way to say: no records
      }
      if (next.isPresent() && at.equals(next.get())) {
        found.next = pointed(parser, token);
      }
      if (more.isPresent() && at.equals(more.get()) && token.isBoolean()) {
        found.more = Optional.of(token == JsonToken.VALUE_TRUE);
      }
      if (total.isPresent() && at.equals(total.get()) && parser.getString().matches("\\d{1,18}")) {
        found.total = Optional.of(Long.parseLong(parser.getString()));
      }
    }
  }

  private static Optional<JsonNode> pointed(JsonParser parser, JsonToken token) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    String text = parser.getString();
    return switch (token) {
      case VALUE_STRING ->
          Optional.<JsonNode>of(nodes.stringNode(text)).filter(t -> !text.isBlank());
      case VALUE_NUMBER_INT -> Optional.of(nodes.numberNode(new BigInteger(text)));
      case VALUE_NUMBER_FLOAT -> Optional.of(nodes.numberNode(new BigDecimal(text)));
      default -> Optional.empty();
    };
  }

  private void checkErrors(JsonParser parser, PageRequest request) {
    if (parser.nextToken() == JsonToken.START_OBJECT) {
      throw GraphQlErrors.of(errors, request.uri(), parser.readValueAsTree());
    }
  }

  private static void copy(JsonParser parser, Found found, Spool spool) {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      found.count++;
      if (parser.currentToken() == JsonToken.START_OBJECT) {
        spool.add(parser);
      } else {
        found.noObject = found.noObject == 0 ? found.count : found.noObject;
        parser.skipChildren();
      }
    }
  }

  private EcluseException noJson(HttpApi.Answer answer, AnswerBody body, JacksonException e) {
    String where = answer.request().toString();
    String text = HttpErrors.beginning(answer.body());
    String type = answer.headers().firstValue("Content-Type").orElse("");
    if (HttpErrors.isHtml(type, text)) {
      return errors.error(
          ErrorCode.DATA_INVALID,
          "the answer of %s is a web page%s, not JSON; check connection.url and connection.auth: APIs send those they do not know to a page"
              .formatted(
                  where,
                  errors.said(answer.headers(), text).map(t -> " (“" + t + "”)").orElse("")));
    }
    if (!isUtf8(answer, body)) {
      return errors.error(
          ErrorCode.DATA_INVALID,
          "the answer of %s is not UTF-8, as JSON is, and its Content-Type names no encoding in which it is JSON"
              .formatted(where));
    }
    var at = e.getLocation();
    return errors.error(
        ErrorCode.DATA_INVALID,
        "the answer of %s is not JSON%s; is it an API, and does it answer with JSON?"
            .formatted(
                where,
                at == null
                    ? ""
                    : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr())));
  }

  private boolean isUtf8(HttpApi.Answer answer, AnswerBody body) {
    try {
      return body.isUtf8();
    } catch (IOException e) {
      throw unreadable(answer, e);
    }
  }

  private EcluseException unreadable(HttpApi.Answer answer, IOException e) {
    if (e instanceof BoundedFile.TooLong) {
      return errors.failed(answer.request().uri(), e);
    } else if (e instanceof ZipException || e instanceof EOFException) {
      return errors.error(
          ErrorCode.DATA_INVALID,
          "the answer of %s is not gzip, or only the beginning of it".formatted(answer.request()));
    }
    return ErrorCode.INTERNAL.error("Could not read back the answer of " + answer.request(), e);
  }

  private static String digest(HttpApi.Answer answer) {
    try {
      return Checksums.sha256(answer.body());
    } catch (IOException e) {
      throw ErrorCode.INTERNAL.error("Could not read back the answer of " + answer.request(), e);
    }
  }
}
