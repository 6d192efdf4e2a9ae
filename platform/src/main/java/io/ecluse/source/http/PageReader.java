package io.ecluse.source.http;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonPointer;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/** Takes the records out of a page, one after the other, however long it is. */
final class PageReader {
  private static final int LISTS_IN_A_MESSAGE = 10;
  private static final Pattern IN_A_LIST = Pattern.compile("/\\d+(/|$)");

  private final HttpErrors errors;
  private final JsonMapper mapper;
  private final JsonPointer records;
  private final Optional<JsonPointer> next;

  /**
   * @param records where the list of records is
   * @param next where what leads to the next page is
   */
  PageReader(HttpErrors errors, JsonMapper mapper, String records, Optional<String> next) {
    this.errors = errors;
    this.mapper = mapper;
    this.records = JsonPointer.compile(records);
    this.next = next.map(JsonPointer::compile);
  }

  private static final class Found {
    private boolean list;
    private long count;
    private Optional<String> pointed = Optional.empty();
    private final Set<String> lists = new LinkedHashSet<>();
  }

  /**
   * Reads an answer.
   *
   * @throws EcluseException DATA_INVALID for what is no JSON, or no list of objects
   */
  Pager.Page read(HttpApi.Answer answer, Spool spool) {
    String where = HttpErrors.shown(answer.uri());
    MessageDigest digest = sha256();
    Found found = new Found();
    try (InputStream in =
            new DigestInputStream(
                new BufferedInputStream(Files.newInputStream(answer.body())), digest);
        JsonParser parser = mapper.createParser(in)) {
      if (parser.nextToken() == null) {
        throw errors.error(
            ErrorCode.DATA_INVALID,
            "the answer of %s is empty; an API without records answers with an empty list"
                .formatted(where));
      }
      while (parser.currentToken() != null) {
        look(parser, found, spool, where);
        parser.nextToken();
      }
    } catch (JacksonException e) {
      throw noJson(answer, e);
    } catch (IOException e) {
      throw new EcluseException(
          ErrorCode.INTERNAL, "Could not read back the answer of " + where, e);
    }
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
    return new Pager.Page(
        answer.uri(),
        answer.headers(),
        found.count,
        found.pointed,
        HexFormat.of().formatHex(digest.digest()));
  }

  private void look(JsonParser parser, Found found, Spool spool, String where) {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_ARRAY) {
      JsonPointer at = parser.streamReadContext().pathAsPointer();
      if (at.equals(records)) {
        found.list = true;
        copy(parser, found, spool, where);
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
        found.pointed = pointed(parser, token);
      }
    }
  }

  private static Optional<String> pointed(JsonParser parser, JsonToken token) {
    boolean leads = token == JsonToken.VALUE_STRING || token.isNumeric();
    return leads ? Optional.of(parser.getString()).filter(t -> !t.isBlank()) : Optional.empty();
  }

  private void copy(JsonParser parser, Found found, Spool spool, String where) {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw errors.error(
            ErrorCode.DATA_INVALID,
            "record %d in the answer of %s is no object, so it has no columns; check the stream's records"
                .formatted(found.count + 1, where));
      }
      spool.add(parser);
      found.count++;
    }
  }

  private EcluseException noJson(HttpApi.Answer answer, JacksonException e) {
    String where = HttpErrors.shown(answer.uri());
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

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
