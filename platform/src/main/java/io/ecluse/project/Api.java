package io.ecluse.project;

import io.ecluse.schema.DataType;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An HTTP API that answers with JSON. Values resolve when a request is made, not before.
 *
 * @param url what the paths of streams are added to
 * @param headers that every request has
 * @param streams how the records of each stream are asked for
 * @param redirects to where links and redirections to other hosts may lead
 */
public record Api(
    Template url,
    Map<String, Template> headers,
    Auth auth,
    Limits limits,
    Map<String, Stream> streams,
    Redirects redirects)
    implements SourceFile.Access {
  public Api {
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    streams = Collections.unmodifiableMap(new LinkedHashMap<>(streams));
  }

  /** To where links and redirections to other hosts may lead. */
  public enum Redirects {
    PUBLIC,
    ANY
  }

  /** How a request says who it comes from. */
  public sealed interface Auth {
    /** It does not. */
    record None() implements Auth {}

    /**
     * By a header.
     *
     * @param scheme what stands before the value, as Bearer
     */
    record Header(String name, Optional<String> scheme, Template value) implements Auth {}

    /** By name and password. */
    record Basic(Template user, Template password) implements Auth {}

    /** By a token of OAuth 2.0 for client credentials. */
    record Client(
        Template tokenUrl, Template id, Template secret, Optional<String> scope, ClientAuth sent)
        implements Auth {}
  }

  /** Where a token's server is told who asks. */
  public enum ClientAuth {
    HEADER,
    BODY
  }

  /**
   * Bounds of an extract.
   *
   * @param pace most requests in a time
   * @param bytes of one answer
   * @param pages of one stream
   */
  public record Limits(
      Duration timeout,
      int retries,
      Duration longestWait,
      Optional<Pace> pace,
      long bytes,
      int pages) {}

  /** So many requests in a time. */
  public record Pace(int requests, Duration per) {}

  /**
   * A list of records.
   *
   * @param records a JSON pointer; empty for the answer itself
   * @param since the parameter, or place in the body, that takes the highest cursor, for streams
   *     read by increments
   * @param types of the columns for which one is said
   */
  public record Stream(
      Request request,
      String records,
      Paging paging,
      Optional<String> since,
      Map<String, DataType> types) {
    public Stream {
      types = Map.copyOf(types);
    }
  }

  /**
   * What every request of a stream has.
   *
   * @param path added to the URL
   * @param parameters in the query
   * @param body JSON that is sent by POST; empty for GET
   */
  public record Request(String path, Map<String, Template> parameters, Optional<Template> body) {
    public Request {
      parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }
  }

  /** How one page leads to the next. */
  public enum PagingKind {
    NONE,
    LINK,
    CURSOR,
    PAGE,
    OFFSET
  }

  /**
   * How pages are asked for.
   *
   * @param next a JSON pointer to what leads on
   * @param more a JSON pointer to whether anything follows
   * @param parameter that takes it, or the number: a name, or a JSON pointer into the body
   * @param total a JSON pointer to how many records there are
   * @param first number of the first page
   * @param size records a page, if that is said
   */
  public record Paging(
      PagingKind kind,
      Optional<String> next,
      Optional<String> more,
      Optional<String> total,
      ShortPage shortPage,
      String parameter,
      int first,
      Optional<Size> size) {}

  /** What a page that is shorter than one before it means. */
  public enum ShortPage {
    GOES_ON,
    IS_LAST
  }

  /** Records a page, and the parameter that takes them. */
  public record Size(String parameter, int records) {}
}
