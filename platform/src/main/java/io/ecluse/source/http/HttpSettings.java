package io.ecluse.source.http;

import io.ecluse.schema.DataType;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * An HTTP API that answers with JSON.
 *
 * @param name of the source
 * @param base what the paths of streams are added to
 * @param auth who we are there; never part of a message
 * @param headers that every request to the API has; never part of a message
 * @param limits how gently, and how patiently
 * @param streams by name
 * @param leads to where links and redirections to other hosts may lead
 */
public record HttpSettings(
    String name,
    URI base,
    Auth auth,
    Map<String, String> headers,
    Limits limits,
    Map<String, Stream> streams,
    Leads leads) {
  /** To where links and redirections to other hosts may lead. */
  public enum Leads {
    /** Not to addresses of this machine or of networks that are not the internet. */
    PUBLIC,
    ANY
  }

  public HttpSettings {
    headers = Map.copyOf(headers);
    streams = Collections.unmodifiableMap(new LinkedHashMap<>(streams));
  }

  /** One of its streams. */
  Stream stream(String name) {
    return Objects.requireNonNull(streams.get(name), name);
  }

  @Override
  public String toString() {
    return "HTTP source " + name;
  }

  /** The same, but nothing is tried again, or waited for longer than our own pace wants. */
  HttpSettings impatient() {
    Duration wait = limits.pace().map(Limits.Pace::apart).orElse(Duration.ZERO);
    Limits once =
        new Limits(limits.timeout(), 0, wait, limits.pace(), limits.bytes(), limits.pages());
    return new HttpSettings(name, base, auth, headers, once, streams, leads);
  }

  /** How a request says who it comes from. */
  public sealed interface Auth {
    /** It does not. */
    record None() implements Auth {}

    /** By a header. */
    record Header(String name, String value) implements Auth {
      @Override
      public String toString() {
        return "header " + name;
      }
    }

    /** By name and password (RFC 7617). */
    record Basic(String user, String password) implements Auth {
      @Override
      public String toString() {
        return "basic " + user;
      }
    }

    /**
     * By a token for which the client vouches (RFC 6749, section 4.4).
     *
     * @param sent how the token's server learns who asks
     */
    record ClientCredentials(
        URI tokenUrl, String id, String secret, Optional<String> scope, Sent sent) implements Auth {
      /** Where id and secret stand (RFC 6749, section 2.3.1). */
      public enum Sent {
        HEADER,
        BODY
      }

      @Override
      public String toString() {
        return "client " + id;
      }
    }
  }

  /**
   * Bounds of an extract.
   *
   * @param timeout of one answer, from the request to its last byte
   * @param retries of one request
   * @param longestWait that the API may ask for at a time
   * @param pace most requests in a time; empty for no limit of ours
   * @param bytes of one answer
   * @param pages of one stream
   */
  public record Limits(
      Duration timeout,
      int retries,
      Duration longestWait,
      Optional<Pace> pace,
      long bytes,
      int pages) {
    /** So many requests in a time. */
    public record Pace(int requests, Duration per) {
      Duration apart() {
        return per.dividedBy(requests);
      }
    }
  }

  /**
   * A list of records.
   *
   * @param records a JSON pointer to the list in an answer; empty for the answer itself
   * @param since how only what is new is asked for; empty to read all each time
   * @param primaryKey columns that tell records apart
   * @param types of columns that are not to be found out
   */
  public record Stream(
      Request request,
      String records,
      Paging paging,
      Optional<Since> since,
      List<String> primaryKey,
      Map<String, DataType> types) {
    public Stream {
      primaryKey = List.copyOf(primaryKey);
      types = Map.copyOf(types);
    }
  }

  /**
   * What every request of a stream has. A parameter that is added goes into the query by its name,
   * or, if it is a JSON pointer, to that place in the body.
   *
   * @param path added to the base
   * @param parameters in the query
   * @param body JSON that is sent by POST; empty for GET
   * @param secrets that stand in parameters and body; never part of a message
   */
  public record Request(
      String path, Map<String, String> parameters, Optional<String> body, Set<String> secrets) {
    public Request {
      parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
      secrets = Set.copyOf(secrets);
    }

    @Override
    public String toString() {
      return "request of " + path;
    }
  }

  /**
   * How to ask for what is new.
   *
   * @param cursor the column that grows with each change
   * @param parameter that takes the highest value seen
   * @param lookBack how far before it to ask again: a duration in ISO 8601 for times, a whole
   *     number for numbers
   */
  public record Since(String cursor, String parameter, Optional<String> lookBack) {}

  /** How one page leads to the next. */
  public sealed interface Paging {
    /** One answer holds everything. */
    record None() implements Paging {}

    /**
     * The answer has the next page's URL.
     *
     * @param pointer where in the JSON; empty for the header Link (RFC 8288)
     */
    record Link(Optional<String> pointer) implements Paging {}

    /**
     * The answer has a word that asks for the next page.
     *
     * @param pointer where in the JSON
     * @param more where in the JSON it is said whether anything follows, if it is
     * @param parameter that takes it
     */
    record Cursor(String pointer, Optional<String> more, String parameter) implements Paging {}

    /**
     * Pages have numbers.
     *
     * @param parameter that takes the number
     * @param first the number of the first
     * @param size records to ask for, if that can be said
     */
    record Numbered(String parameter, int first, Optional<Size> size, End end) implements Paging {}

    /**
     * Records are left out at the beginning.
     *
     * @param parameter that takes how many
     * @param size records to ask for, if that can be said
     */
    record Offset(String parameter, Optional<Size> size, End end) implements Paging {}

    /** Records a page. */
    record Size(String parameter, int records) {}

    /**
     * How the last page of those that are counted is known. An API may leave records out of a page
     * that it has cut already, so a short page says nothing by itself.
     *
     * @param more where in the JSON it is said whether anything follows; it alone decides
     * @param total where in the JSON it is said how many records there are in all
     */
    record End(Optional<String> more, Optional<String> total, ShortPage shortPage) {}

    /** What a page that is shorter than one before it means. */
    enum ShortPage {
      GOES_ON,
      IS_LAST
    }
  }
}
