package io.ecluse.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** A store that speaks S3, asked by Amazon's own client. */
final class StoreCheck {
  private StoreCheck() {}

  /** That objects come back as they were, and that nobody else gets them. */
  static void keeps(int port, String key, String secret, Container store) {
    while (!answers(port)) {
      assertThat(store.isAlive()).as(store::output).isTrue();
      Container.pause();
    }
    try (S3Client client = client(port, key, secret);
        S3Client other = client(port, key, "guessed")) {
      client.putObject(r -> r.bucket("ecluse").key("a/b"), RequestBody.fromString("rows"));
      assertThat(client.getObjectAsBytes(r -> r.bucket("ecluse").key("a/b")).asUtf8String())
          .isEqualTo("rows");
      assertThatThrownBy(() -> other.getObjectAsBytes(r -> r.bucket("ecluse").key("a/b")))
          .isInstanceOf(S3Exception.class);
    }
  }

  private static boolean answers(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static S3Client client(int port, String key, String secret) {
    return S3Client.builder()
        .endpointOverride(URI.create("http://127.0.0.1:" + port))
        .region(Region.US_EAST_1)
        .forcePathStyle(true)
        // as the platform's
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(key, secret)))
        .httpClient(ApacheHttpClient.create())
        .build();
  }
}
