package io.ecluse.storage;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/**
 * Which object of one bucket an address is of. Whatever a store could take for another object, or
 * for something else than one, is none.
 */
record S3Addresses(String bucket, StorageSettings.S3 settings) {
  /** An empty segment, one that leads elsewhere, and what no key of ours has. */
  private static final Pattern TRICKS =
      Pattern.compile("(^|.*/)\\.{0,2}(/.*|$)|.*[\\p{Cntrl}\\\\].*", Pattern.DOTALL);

  /** An object, and how it is asked for. */
  record Target(URI uri, String key, Map<String, String> query) {}

  Target target(URI uri) {
    if (uri.getRawAuthority() == null
        || uri.getRawUserInfo() != null
        || uri.getFragment() != null) {
      throw refused("its address is none of an object");
    }
    String path = uri.getRawPath().replaceFirst("^/", "");
    String host = host(uri);
    String decoded = decoded(path);
    if (!isOfBucket(host)) {
      if (!isOfStore(host) || !decoded.startsWith(bucket + "/")) {
        throw refused("it is for another store or bucket");
      }
      decoded = decoded.substring(bucket.length() + 1);
    }
    if (TRICKS.matcher(decoded).matches()) {
      throw refused("its address is none of an object");
    }
    Map<String, String> query = query(Optional.ofNullable(uri.getRawQuery()).orElse(""));
    String whole =
        "%s://%s/%s%s%s"
            .formatted(
                uri.getScheme(),
                uri.getRawAuthority(),
                isOfBucket(host) ? "" : bucket + "/",
                SdkHttpUtils.urlEncodeIgnoreSlashes(decoded),
                query.isEmpty() ? "" : "?" + text(query));
    return new Target(URI.create(whole), decoded, query);
  }

  static String text(Map<String, String> query) {
    List<String> all = new ArrayList<>();
    query.forEach(
        (name, value) ->
            all.add(SdkHttpUtils.urlEncode(name) + "=" + SdkHttpUtils.urlEncode(value)));
    return String.join("&", all);
  }

  /** With its port, as it is sent, unless that goes without saying. */
  static String host(URI uri) {
    String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
    int usual = "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    return uri.getPort() < 0 || uri.getPort() == usual ? host : host + ":" + uri.getPort();
  }

  private boolean isOfBucket(String host) {
    return host.startsWith(bucket.toLowerCase(Locale.ROOT) + ".")
        && isOfStore(host.substring(bucket.length() + 1));
  }

  private boolean isOfStore(String host) {
    Optional<String> own = settings.endpoint().map(URI::create).map(S3Addresses::host);
    return own.map(host::equals)
        .orElseGet(
            () ->
                Pattern.matches(
                    "s3([.-](dualstack\\.)?%s)?\\.amazonaws\\.com(\\.cn)?"
                        .formatted(Pattern.quote(S3Clients.region(settings).id())),
                    host));
  }

  private static Map<String, String> query(String raw) {
    Map<String, String> query = new TreeMap<>();
    if (raw.isEmpty()) {
      return query;
    }
    for (String each : raw.split("&", -1)) {
      String[] pair = each.split("=", 2);
      if (query.put(decoded(pair[0]), pair.length < 2 ? "" : decoded(pair[1])) != null) {
        throw refused("it asks for something twice");
      }
    }
    return query;
  }

  /** As a store decodes it: a plus is a plus. */
  private static String decoded(String raw) {
    try {
      byte[] bytes =
          URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.ISO_8859_1)
              .getBytes(StandardCharsets.ISO_8859_1);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw ErrorCode.FORBIDDEN.error(
          "The request to the store was not signed: its address is not encoded as addresses are",
          e);
    }
  }

  static EcluseException refused(String why) {
    return ErrorCode.FORBIDDEN.error(
        "The request to the store was not signed: %s; signed is what reads files of the table, and what makes new ones in a run"
            .formatted(why));
  }
}
