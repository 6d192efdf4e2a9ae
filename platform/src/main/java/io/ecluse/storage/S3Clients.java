package io.ecluse.storage;

import io.ecluse.error.ErrorCode;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Clients of stores that speak S3, Amazon's or not. */
final class S3Clients {
  /** With growing pauses between them these take some five seconds. */
  private static final int MOST_TRIES = 7;

  /** Whoever needs many has a few at a time; none waits for one in vain. */
  private static final int MOST_CONNECTIONS = 256;

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration SILENCE = Duration.ofSeconds(30);

  private S3Clients() {}

  /** Whether URLs have buckets in their path. */
  static boolean isByPath(StorageSettings.S3 settings) {
    return settings
        .addressing()
        .map(a -> a == StorageSettings.Addressing.PATH)
        .orElse(settings.endpoint().isPresent());
  }

  /** What a client of others needs to know of the store, in Iceberg's words. */
  static Map<String, String> access(StorageSettings.S3 settings) {
    Map<String, String> access = new HashMap<>();
    settings
        .endpoint()
        .ifPresent(
            endpoint -> {
              access.put("s3.endpoint", endpoint);
              // checksums that follow what they are of are not known to every store
              access.put("s3.chunked-encoding-enabled", "false");
            });
    knownRegion(settings).ifPresent(region -> access.put("client.region", region.id()));
    access.put("s3.path-style-access", String.valueOf(isByPath(settings)));
    return access;
  }

  static S3Client open(StorageSettings.S3 settings) {
    boolean byPath = isByPath(settings);
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClientBuilder(
                S3Http.interruptible(
                    ApacheHttpClient.builder()
                        .maxConnections(MOST_CONNECTIONS)
                        .connectionTimeout(CONNECT)
                        .socketTimeout(SILENCE)))
            .region(region(settings))
            .credentialsProvider(credentials(settings))
            .forcePathStyle(byPath)
            // MD5 is the one checksum that every store checks
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .addPlugin(LegacyMd5Plugin.create())
            .overrideConfiguration(
                c ->
                    c.retryStrategy(
                        AwsRetryStrategy.standardRetryStrategy().toBuilder()
                            .maxAttempts(MOST_TRIES)
                            .circuitBreakerEnabled(false) // many are refused when one is
                            .build()));
    settings.endpoint().ifPresent(e -> builder.endpointOverride(uri(settings, e)));
    return builder.build();
  }

  private static URI uri(StorageSettings.S3 settings, String endpoint) {
    try {
      URI uri = URI.create(endpoint);
      if (uri.getHost() != null && String.valueOf(uri.getScheme()).matches("https?")) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw ErrorCode.INVALID_PROJECT.error(
        "%s.endpoint must be a URL as https://storage.example:9000, but is %s"
            .formatted(settings.said(), endpoint));
  }

  /** The region, where it is not the business of Amazon's tools. */
  static Optional<Region> knownRegion(StorageSettings.S3 settings) {
    return settings
        .region()
        .map(Region::of)
        .or(() -> settings.endpoint().map(e -> Region.US_EAST_1)); // what others call theirs
  }

  static Region region(StorageSettings.S3 settings) {
    Optional<Region> known = knownRegion(settings);
    if (known.isPresent()) {
      return known.get();
    }
    try {
      return DefaultAwsRegionProviderChain.builder().build().getRegion();
    } catch (SdkClientException e) {
      throw ErrorCode.STORAGE_REFUSED.error(
          "Nobody says in which region the bucket is: set %s.region, or AWS_REGION"
              .formatted(settings.said()),
          e);
    }
  }

  static AwsCredentialsProvider credentials(StorageSettings.S3 settings) {
    if (settings.keys().isPresent()) {
      StorageSettings.Keys keys = settings.keys().get();
      return StaticCredentialsProvider.create(
          AwsBasicCredentials.create(keys.access(), keys.secret()));
    }
    DefaultCredentialsProvider usual = DefaultCredentialsProvider.builder().build();
    try {
      usual.resolveCredentials();
      return usual;
    } catch (SdkClientException e) {
      throw ErrorCode.STORAGE_REFUSED.error(
          "There are no keys for the store: set %s.access_key and %s.secret_key, or give them as Amazon's tools take them (AWS_ACCESS_KEY_ID, a profile, a role, a web identity); a session of single sign-on that is over begins again by aws sso login"
              .formatted(settings.said(), settings.said()),
          e);
    }
  }
}
