package io.ecluse.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/**
 * Amazon's signature version 4 of a request to S3, as its documentation has it. The SDK's own
 * decides by itself which headers it signs and what the content's checksum is called, and signs
 * only what it also sends.
 */
record S3Signature(AwsCredentials keys, String region, Instant at) {
  /** The header that tells the checksum of the content, which is signed with it. */
  static final String CONTENT = "x-amz-content-sha256";

  private static final String DATE = "x-amz-date";
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final String MAC = "HmacSHA256";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /**
   * The headers that the request has to have.
   *
   * @param uri with its query in order, and encoded as Amazon encodes
   * @param headers that are signed, the host's among them; names in lower case
   */
  Map<String, String> signed(String method, URI uri, Map<String, String> headers) {
    Map<String, String> all = new TreeMap<>(headers);
    String time = TIME.format(at);
    all.put(DATE, time);
    all.putIfAbsent(CONTENT, "UNSIGNED-PAYLOAD");
    StringBuilder lines = new StringBuilder();
    all.forEach((name, value) -> lines.append(name).append(':').append(value).append('\n'));
    String names = String.join(";", all.keySet());
    String query = Optional.ofNullable(uri.getRawQuery()).orElse("");
    String canonical =
        String.join(
            "\n",
            method.toUpperCase(Locale.ROOT),
            uri.getRawPath(),
            query,
            lines.toString(),
            names,
            all.get(CONTENT));
    String day = time.substring(0, time.indexOf('T'));
    List<String> parts = List.of(day, region, "s3", "aws4_request");
    String scope = String.join("/", parts);
    String text = String.join("\n", ALGORITHM, time, scope, Checksums.sha256(canonical));
    byte[] key = ("AWS4" + keys.secretAccessKey()).getBytes(UTF_8);
    for (String each : parts) {
      key = mac(key, each);
    }
    all.put(
        "authorization",
        "%s Credential=%s/%s, SignedHeaders=%s, Signature=%s"
            .formatted(
                ALGORITHM,
                keys.accessKeyId(),
                scope,
                names,
                HexFormat.of().formatHex(mac(key, text))));
    return all;
  }

  private static byte[] mac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(key, MAC));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
