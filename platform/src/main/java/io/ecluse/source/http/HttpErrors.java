package io.ecluse.source.http;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What went wrong between us and an API, with the remedy. URLs come without their parameters, which
 * may hold a key; of an answer only what it says of its own failure, never a record.
 */
record HttpErrors(HttpSettings settings) {
  private static final int WORDS_OF_ANSWER = 120;
  private static final int LOOKED_AT = 8_192;
  private static final Pattern TITLE = Pattern.compile("(?is)<title[^>]*>(.*?)</title>");
  private static final List<String> REASONS =
      List.of("error_description", "message", "detail", "title", "error");

  EcluseException error(ErrorCode code, String text) {
    return code.error(withoutSecrets("Source " + settings.name() + ": " + text));
  }

  EcluseException error(ErrorCode code, String text, Throwable cause) {
    return new EcluseException(
        code,
        withoutSecrets("Source " + settings.name() + ": " + text),
        new IOException(cause.getClass().getSimpleName())); // its text may hold the URL
  }

  /** A URL for people: without parameters. */
  static String shown(URI uri) {
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String query = uri.getRawQuery() == null ? "" : "?…";
    return uri.getScheme() + "://" + uri.getHost() + port + uri.getRawPath() + query;
  }

  /** An answer that says no. */
  EcluseException status(URI uri, int status, HttpHeaders headers, String body) {
    String said = said(headers, body).map(w -> " (“" + w + "”)").orElse("");
    String what = "%s answered %d%s; ".formatted(shown(uri), status, said);
    if (status == 401 || status == 403 || status == 407) {
      boolean elsewhere = !Origin.of(uri).equals(Origin.of(settings.base()));
      return error(
          ErrorCode.SOURCE_REFUSED,
          what
              + (elsewhere
                  ? "the secret is sent to %s only, the host of connection.url"
                      .formatted(settings.base().getHost())
                  : "check connection.auth and the secret behind it, and whether it may read this"));
    } else if (status == 404 || status == 410) {
      return error(
          ErrorCode.SOURCE_MISSING_STREAM,
          what + "there is nothing there: check connection.url and the stream's path");
    } else if (status == 429) {
      return error(
          ErrorCode.SOURCE_LOST,
          what + "it wants fewer requests: set extract.max_requests to what it allows");
    } else if (status >= 500) {
      return error(
          ErrorCode.SOURCE_LOST,
          what + "it failed %d times; try again later".formatted(settings.limits().retries() + 1));
    }
    return error(
        ErrorCode.SOURCE_REFUSED,
        what + "check the stream's path, params and body, and connection.headers");
  }

  /** The server of tokens says no. */
  EcluseException token(URI uri, int status, HttpHeaders headers, String body) {
    return error(
        ErrorCode.SOURCE_REFUSED,
        "%s gives no token: it answered %d%s; check client_id, client_secret, scope and client_auth of connection.auth"
            .formatted(
                shown(uri), status, said(headers, body).map(w -> " (“" + w + "”)").orElse("")));
  }

  /** Nothing came, or not all of it. */
  EcluseException failed(URI uri, Throwable cause) {
    String where = uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof BoundedFile.TooLong) {
        return error(
            ErrorCode.DATA_INVALID,
            "the answer of %s is longer than %d bytes; ask for smaller pages, or raise extract.max_bytes"
                .formatted(shown(uri), settings.limits().bytes()),
            cause);
      } else if (t instanceof java.nio.channels.UnresolvedAddressException
          || t instanceof java.net.UnknownHostException) {
        return error(
            ErrorCode.SOURCE_UNREACHABLE,
            "the host %s has no address; check connection.url".formatted(uri.getHost()),
            cause);
      } else if (t instanceof java.net.http.HttpConnectTimeoutException) {
        return error(
            ErrorCode.SOURCE_UNREACHABLE,
            "%s does not answer; is it running, and does a firewall stand in between?"
                .formatted(where),
            cause);
      } else if (t instanceof java.net.ConnectException) {
        return error(
            ErrorCode.SOURCE_UNREACHABLE,
            "nothing answers at %s; is it running, and is connection.url right?".formatted(where),
            cause);
      } else if (t instanceof javax.net.ssl.SSLException) {
        return error(
            ErrorCode.SOURCE_REFUSED,
            "no encrypted connection to %s: its certificate is not valid for this name or not trusted, or it does not speak TLS; check connection.url"
                .formatted(where),
            cause);
      } else if (t instanceof java.util.concurrent.TimeoutException
          || t instanceof java.net.http.HttpTimeoutException) {
        return error(
            ErrorCode.TIMED_OUT,
            "%s took longer than extract.request_timeout (%d s); ask for smaller pages, or raise it"
                .formatted(shown(uri), settings.limits().timeout().toSeconds()),
            cause);
      }
    }
    return error(
        ErrorCode.SOURCE_LOST,
        "the connection to %s was lost while %s was read; nothing of this extract is kept"
            .formatted(where, shown(uri)),
        cause);
  }

  /** The longest answer that is read. */
  long mostBytes() {
    return settings.limits().bytes();
  }

  /** What an answer says of its failure. */
  Optional<String> said(HttpHeaders headers, String text) {
    if (headers.firstValue("Content-Encoding").isPresent()) {
      return Optional.empty(); // packed, so no text
    }
    String type = headers.firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    if (type.contains("json")) {
      return reason(text).map(this::words);
    } else if (isHtml(type, text)) {
      Matcher title = TITLE.matcher(text);
      return title.find() ? Optional.of(words(title.group(1))) : Optional.empty();
    } else if (type.startsWith("text/plain")) {
      return Optional.of(words(text)).filter(w -> !w.isEmpty());
    }
    return Optional.empty();
  }

  static boolean isHtml(String type, String text) {
    String start = text.stripLeading().toLowerCase(Locale.ROOT);
    return type.contains("html") || start.startsWith("<!doctype html") || start.startsWith("<html");
  }

  static String beginning(Path body) {
    try (InputStream in = Files.newInputStream(body)) {
      return new String(in.readNBytes(LOOKED_AT), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return ""; // an answer without a body
    }
  }

  private Optional<String> reason(String json) {
    try {
      JsonNode tree = JsonMapper.shared().readTree(json);
      List<JsonNode> places = new ArrayList<>(List.of(tree));
      places.add(tree.path("error"));
      for (JsonNode place : places) {
        for (String reason : REASONS) {
          JsonNode value = place.path(reason);
          if (value.isString()) {
            return Optional.of(value.stringValue());
          }
        }
      }
      return Optional.empty();
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  /** Short, in one line, without secrets: the whole of them goes before anything is cut off. */
  String words(String text) {
    String plain =
        withoutSecrets(text).replaceAll("<[^>]*>", " ").replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    return plain.length() > WORDS_OF_ANSWER ? plain.substring(0, WORDS_OF_ANSWER) + "…" : plain;
  }

  private String withoutSecrets(String text) {
    String clean = text;
    for (String secret : secrets()) {
      clean = secret.isBlank() ? clean : clean.replace(secret, "***");
    }
    return clean;
  }

  private List<String> secrets() {
    List<String> secrets = new ArrayList<>(settings.headers().values());
    settings.streams().values().forEach(s -> secrets.addAll(s.request().secrets()));
    HttpSettings.Auth auth = settings.auth();
    if (auth instanceof HttpSettings.Auth.Header header) {
      secrets.add(header.value());
      secrets.add(header.value().replaceFirst("^\\S+ ", ""));
    } else if (auth instanceof HttpSettings.Auth.Basic basic) {
      secrets.add(basic.password());
    } else if (auth instanceof HttpSettings.Auth.ClientCredentials client) {
      secrets.add(client.secret());
    }
    return secrets;
  }
}
