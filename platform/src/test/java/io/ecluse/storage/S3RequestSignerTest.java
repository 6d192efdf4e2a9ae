package io.ecluse.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.storage.RequestSigner.Effect;
import io.ecluse.storage.RequestSigner.Purpose;
import io.ecluse.storage.RequestSigner.Request;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;

/** What is signed for others, and how. */
class S3RequestSignerTest {
  private static final Clock NOW =
      Clock.fixed(Instant.parse("2026-03-04T05:06:07Z"), ZoneOffset.UTC);

  private static RequestSigner at(String endpoint) {
    return new S3RequestSigner(
        "school",
        "tables/",
        () ->
            new StorageSettings.S3(
                Optional.of(endpoint).filter(e -> !e.isEmpty()),
                Optional.of("eu-west-3"),
                Optional.empty(),
                Optional.of(new StorageSettings.Keys("AKIA", "word")),
                "s3"),
        NOW);
  }

  private static Request request(String method, String uri, String... headers) {
    return new Request(
        method,
        URI.create(uri),
        headers.length == 0 ? Map.of() : Map.of(headers[0], List.of(headers[1])));
  }

  private static void refused(String endpoint, String method, String uri, String... headers) {
    assertThatThrownBy(() -> at(endpoint).sign(request(method, uri, headers)))
        .as(method + " " + uri)
        .hasMessageContaining("was not signed")
        .hasMessageNotContaining("word");
  }

  /** The SDK signs the same, where it can: it sends no content unsigned but by TLS. */
  @Test
  void signsAsAmazonsLibraryDoes() {
    String uri = "https://store.example:9000/school/tables/a/b-1/caf%C3%A9%20%2B/x%253D1.parquet";
    var library =
        AwsV4HttpSigner.create()
            .sign(
                r ->
                    r.identity(AwsBasicCredentials.create("AKIA", "word"))
                        .request(
                            SdkHttpRequest.builder()
                                .method(SdkHttpMethod.PUT)
                                .uri(URI.create(uri + "?partNumber=1&uploadId=a%2Fb"))
                                .build())
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-west-3")
                        .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                        .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                        .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                        .putProperty(AwsV4HttpSigner.SIGNING_CLOCK, NOW));

    Request ours =
        at("https://store.example:9000").sign(request("put", uri + "?uploadId=a%2Fb&partNumber=1"));

    assertThat(ours.headers().get("authorization"))
        .isEqualTo(library.request().headers().get("Authorization"));
    assertThat(ours.uri()).hasToString(uri + "?partNumber=1&uploadId=a%2Fb");
  }

  @Test
  void knowsAnObjectByEachOfItsAddresses() {
    Purpose reads = new Purpose("a/b-1/x", Effect.READS);
    for (String host :
        List.of(
            "school.s3.eu-west-3.amazonaws.com/",
            "school.s3.amazonaws.com/",
            "s3.eu-west-3.amazonaws.com/school/",
            "s3.dualstack.eu-west-3.amazonaws.com:443/school/")) {
      assertThat(at("").purpose(request("GET", "https://" + host + "tables/a/b-1/x")))
          .as(host)
          .isEqualTo(reads);
    }
    assertThat(at("http://s:80").purpose(request("head", "http://S/school/tables/a/b-1/x")))
        .isEqualTo(reads);
    for (String host :
        List.of(
            "school.s3.us-east-1.amazonaws.com/",
            "other.s3.amazonaws.com/school/",
            "s3.amazonaws.com.evil.example/school/",
            "school.evil.example/",
            "s3.amazonaws.com@evil.example/school/",
            "k:w@s3.amazonaws.com/school/")) {
      refused("", "GET", "https://" + host + "tables/a/b-1/x");
    }
  }

  @Test
  void replacesNothingThatIsThere() {
    String file = "http://s/school/tables/a/b-1/x";

    assertThat(at("http://s").sign(request("PUT", file)).headers())
        .containsEntry("if-none-match", List.of("*"));
    Map<String, List<String>> whole =
        at("http://s").sign(request("POST", file + "?uploadId=u", "If-None-Match", "e")).headers();
    assertThat(whole).containsEntry("if-none-match", List.of("*"));
    assertThat(whole.get("authorization").get(0))
        .contains("SignedHeaders=host;if-none-match;x-amz");
    assertThat(at("http://s").sign(request("GET", file)).headers())
        .doesNotContainKey("if-none-match");
  }

  @Test
  void refusesAllButReadingAndMakingObjectsBelowItsFolder() {
    for (String uri :
        List.of(
            "/school",
            "/school/",
            "/school/other/x",
            "/school/tables/../other/x",
            "/school/tables/a/%2e%2E/%2e%2e/other",
            "/school/tables%2F..%2Fother",
            "/school/tables/a//x",
            "/school/tables/a/x/",
            "/school/tables/a/%00x",
            "/school/tables/a/%5Cx",
            "/school/tables/a/%C3%28",
            "//school/tables/x",
            "/other/school/tables/x",
            "/school/tables/a/x?acl",
            "/school/tables/a/x?acl=",
            "/school/tables/a/x?%61cl",
            "/school/tables/a/x?x-id=a&x-id=b",
            "/school/tables/a/x?response-content-type=text/html",
            "/school/tables/a/x?X-Amz-Expires=99")) {
      refused("http://s", "GET", "http://s" + uri);
    }
    String file = "http://s/school/tables/a/b-1/x";
    refused("http://s", "DELETE", file);
    refused("http://s", "PUT", file + "?uploads");
    refused("http://s", "PUT", file + "?retention");
    refused("http://s", "POST", file + "?restore");
    refused("http://s", "POST", file + "?select&select-type=2");
    for (String header :
        List.of(
            "x-amz-copy-source",
            "X-AMZ-Acl",
            "x-amz-grant-read",
            "x-amz-meta-sha256",
            "x-amz-website-redirect-location",
            "x-amz-bypass-governance-retention")) {
      refused("http://s", "PUT", file, header, "/school/tables/other");
    }
    refused("http://s", "PUT", file, "x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
  }
}
