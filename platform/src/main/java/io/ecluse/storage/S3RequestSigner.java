package io.ecluse.storage;

import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * Signs what reads and makes objects, and nothing else that S3 can be asked for. What is allowed is
 * listed, so what S3 will some day know is refused.
 */
final class S3RequestSigner implements RequestSigner {
  /** A word that SDKs add to addresses for those who read logs. */
  private static final String FOR_LOGS = "x-id";

  private static final Set<String> PART = Set.of("partNumber", "uploadId");

  /** What Amazon's own headers may be; all others may be sent, but mean nothing to the store. */
  private static final Pattern HARMLESS =
      Pattern.compile(
          "x-amz-(content-sha256|date|checksum-[a-z0-9-]+|sdk-checksum-algorithm|decoded-content-length|trailer|te|user-agent|mp-object-size)");

  /** Content whose chunks would have to be signed, which only who has keys can do. */
  private static final String CHUNKS = "STREAMING-AWS4";

  private final String bucket;
  private final String prefix;
  private final Supplier<StorageSettings.S3> settings;
  private final Clock clock;
  private volatile Optional<AwsCredentialsProvider> keys = Optional.empty();

  S3RequestSigner(
      String bucket, String prefix, Supplier<StorageSettings.S3> settings, Clock clock) {
    this.bucket = bucket;
    this.prefix = prefix;
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public Purpose purpose(Request request) {
    S3Addresses.Target target = target(request);
    if (!target.key().startsWith(prefix)) {
      throw S3Addresses.refused("it is for something outside of the warehouse");
    }
    request
        .headers()
        .forEach(
            (name, values) -> {
              String plain = name.toLowerCase(Locale.ROOT);
              if (plain.startsWith("x-amz-") && !HARMLESS.matcher(plain).matches()) {
                throw S3Addresses.refused("it has a header " + plain);
              }
              if (plain.equals(S3Signature.CONTENT) && values.toString().contains(CHUNKS)) {
                throw S3Addresses.refused("each of its chunks would have to be signed, too");
              }
            });
    return new Purpose(target.key().substring(prefix.length()), effect(request, target));
  }

  private S3Addresses.Target target(Request request) {
    return new S3Addresses(bucket, settings.get()).target(request.uri());
  }

  private static Effect effect(Request request, S3Addresses.Target target) {
    Map<String, String> query = new TreeMap<>(target.query());
    query.remove(FOR_LOGS);
    String asked = request.method().toUpperCase(Locale.ROOT) + " " + query.keySet();
    return switch (asked) {
      case "GET []", "HEAD []" -> Effect.READS;
      case "PUT []", "POST [uploadId]" -> Effect.MAKES;
      case "POST [uploads]", "PUT [partNumber, uploadId]", "DELETE [uploadId]" -> Effect.PREPARES;
      default -> throw S3Addresses.refused("it is " + asked);
    };
  }

  @Override
  public Request sign(Request request) {
    Purpose purpose = purpose(request);
    URI uri = target(request).uri();
    Map<String, String> signed = new TreeMap<>();
    signed.put("host", S3Addresses.host(uri));
    request
        .headers()
        .forEach(
            (name, values) -> {
              String plain = name.toLowerCase(Locale.ROOT);
              if (plain.startsWith("x-amz-")) {
                signed.put(plain, String.join(",", values).strip());
              }
            });
    if (purpose.effect() == Effect.MAKES) {
      signed.put("if-none-match", "*");
    }
    return new Request(
        request.method(), uri, added(request, uri, signed, keys().resolveCredentials()));
  }

  private Map<String, List<String>> added(
      Request request, URI uri, Map<String, String> signed, AwsCredentials by) {
    if (by instanceof AwsSessionCredentials session) {
      signed.put("x-amz-security-token", session.sessionToken());
    }
    S3Signature signature =
        new S3Signature(by, S3Clients.region(settings.get()).id(), clock.instant());
    Map<String, String> all = signature.signed(request.method(), uri, signed);
    all.remove("host");
    Map<String, List<String>> told = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    told.putAll(request.headers());
    Map<String, List<String>> added = new TreeMap<>();
    all.forEach(
        (name, value) -> {
          if (!List.of(value).equals(told.get(name))) {
            added.put(name, List.of(value));
          }
        });
    return added;
  }

  private AwsCredentialsProvider keys() {
    Optional<AwsCredentialsProvider> there = keys;
    if (there.isEmpty()) {
      synchronized (this) {
        if (keys.isEmpty()) {
          keys = Optional.of(S3Clients.credentials(settings.get()));
        }
        there = keys;
      }
    }
    return there.orElseThrow();
  }
}
