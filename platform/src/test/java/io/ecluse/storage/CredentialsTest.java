package io.ecluse.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Keys that no file of a project has: from where the tools of the cloud take them, by their own
 * client. What a cloud answers is played on this machine; what is signed, a real store checks.
 */
class CredentialsTest {
  private static final S3Server SERVER = S3Server.shared();

  @TempDir Path folder;
  private final Map<String, Optional<String>> before = new HashMap<>();
  private final List<String> asked = new ArrayList<>();
  private final String bucket = SERVER.newBucket();
  private HttpServer cloud;

  @BeforeEach
  void nothingIsSaid() throws IOException {
    say("aws.sharedCredentialsFile", folder.resolve("none").toString());
    say("aws.configFile", folder.resolve("none").toString());
    say("aws.disableEc2Metadata", "true");
    say("aws.region", "eu-west-3");
    cloud = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    cloud.start();
  }

  @AfterEach
  void forget() {
    cloud.stop(0);
    before.forEach(
        (name, value) ->
            value.ifPresentOrElse(
                v -> System.setProperty(name, v), () -> System.clearProperty(name)));
  }

  private void say(String property, String value) {
    before.putIfAbsent(property, Optional.ofNullable(System.getProperty(property)));
    System.setProperty(property, value);
  }

  private String answers(String path, String body) {
    cloud.createContext(
        path,
        exchange -> {
          asked.add(
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestURI()
                  + " "
                  + new String(exchange.getRequestBody().readAllBytes(), UTF_8)
                  + Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                      .orElse("")
                  + Optional.ofNullable(
                          exchange.getRequestHeaders().getFirst("x-amz-sso_bearer_token"))
                      .orElse(""));
          exchange.sendResponseHeaders(200, body.length());
          exchange.getResponseBody().write(body.getBytes(UTF_8));
          exchange.close();
        });
    return "http://127.0.0.1:" + cloud.getAddress().getPort() + path;
  }

  private StorageSettings settings() {
    return new StorageSettings(
        new StorageSettings.S3(
            Optional.of(SERVER.endpoint()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "s3"),
        StorageSettings.Hdfs.USUAL);
  }

  private void writesAndReads() {
    try (Storage store = Storages.open("s3://" + bucket + "/x", this::settings)) {
      store.write("a", new byte[3]);
      assertThat(store.read("a").orElseThrow()).hasSize(3);
    }
  }

  @Test
  void ofAProfile() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("credentials"),
            "[school]\naws_access_key_id = %s\naws_secret_access_key = %s\n"
                .formatted(S3Server.KEY, S3Server.SECRET));
    say("aws.sharedCredentialsFile", file.toString());
    say("aws.profile", "school");
    writesAndReads();
  }

  @Test
  void ofAContainersRole() {
    String in = Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS).toString();
    say(
        "aws.containerCredentialsFullUri",
        answers(
            "/creds",
            "{\"AccessKeyId\":\"%s\",\"SecretAccessKey\":\"%s\",\"Token\":\"t\",\"Expiration\":\"%s\"}"
                .formatted(S3Server.KEY, S3Server.SECRET, in)));
    say("aws.containerAuthorizationToken", "Basic abc");
    writesAndReads();
    assertThat(asked).allMatch(a -> a.equals("GET /creds Basic abc")).isNotEmpty();
  }

  @Test
  void ofAMachinesRole() {
    String in = Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS).toString();
    answers("/latest/api/token", "token");
    answers("/latest/meta-data/iam/security-credentials/", "school");
    answers(
        "/latest/meta-data/iam/security-credentials/school",
        "{\"Code\":\"Success\",\"AccessKeyId\":\"%s\",\"SecretAccessKey\":\"%s\",\"Token\":\"t\",\"Expiration\":\"%s\"}"
            .formatted(S3Server.KEY, S3Server.SECRET, in));
    say("aws.disableEc2Metadata", "false");
    say("aws.ec2MetadataServiceEndpoint", "http://127.0.0.1:" + cloud.getAddress().getPort());
    writesAndReads();
  }

  @Test
  void ofAWebIdentity() throws IOException {
    String in = Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS).toString();
    String sts =
        answers(
            "/",
            """
            <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials><SessionToken>t</SessionToken><SecretAccessKey>%s</SecretAccessKey><Expiration>%s</Expiration><AccessKeyId>%s</AccessKeyId></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"""
                .formatted(S3Server.SECRET, in, S3Server.KEY));
    say("aws.endpointUrlSts", sts);
    say("aws.roleArn", "arn:aws:iam::1:role/school");
    say(
        "aws.webIdentityTokenFile",
        Files.writeString(folder.resolve("token"), "signed-by-the-cluster").toString());
    writesAndReads();
    assertThat(asked)
        .allMatch(
            a -> a.contains("AssumeRoleWithWebIdentity") && a.contains("signed-by-the-cluster"))
        .isNotEmpty();
  }

  @Test
  void ofAProfilesRole() throws IOException {
    String in = Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS).toString();
    String sts =
        answers(
            "/",
            """
            <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><SessionToken>t</SessionToken><SecretAccessKey>%s</SecretAccessKey><Expiration>%s</Expiration><AccessKeyId>%s</AccessKeyId></Credentials></AssumeRoleResult></AssumeRoleResponse>"""
                .formatted(S3Server.SECRET, in, S3Server.KEY));
    Path file =
        Files.writeString(
            folder.resolve("config"),
            """
            [profile person]
            aws_access_key_id = AKIAPERSON
            aws_secret_access_key = word-of-a-person
            [profile school]
            role_arn = arn:aws:iam::1:role/school
            source_profile = person
            """);
    say("aws.endpointUrlSts", sts);
    say("aws.configFile", file.toString());
    say("aws.profile", "school");
    writesAndReads();
    assertThat(asked)
        .allMatch(a -> a.contains("Action=AssumeRole&") && a.contains("Credential=AKIAPERSON/"))
        .noneMatch(a -> a.contains("word-of-a-person"))
        .isNotEmpty();
  }

  /** What a person has begun with {@code aws sso login}, and what begins again by itself. */
  @ParameterizedTest
  @CsvSource({"+3600, signed-in", "-60, begun-again"})
  void ofAPersonWhoHasSignedInOnce(int seconds, String token) throws Exception {
    answers(
        "/federation/credentials",
        "{\"roleCredentials\":{\"accessKeyId\":\"%s\",\"secretAccessKey\":\"%s\",\"sessionToken\":\"t\",\"expiration\":%d}}"
            .formatted(
                S3Server.KEY,
                S3Server.SECRET,
                Instant.now().plus(1, ChronoUnit.HOURS).toEpochMilli()));
    answers(
        "/token",
        "{\"accessToken\":\"begun-again\",\"expiresIn\":3600,\"tokenType\":\"Bearer\",\"refreshToken\":\"more\"}");
    Path config =
        Files.writeString(
            folder.resolve("config"),
            """
            [profile school]
            sso_session = lab
            sso_account_id = 1
            sso_role_name = reader
            region = eu-west-3
            [sso-session lab]
            sso_region = eu-west-3
            sso_start_url = https://school.example/start
            """);
    Files.writeString(
        Files.createDirectories(folder.resolve(".aws/sso/cache")).resolve(sha1("lab") + ".json"),
        """
        {"accessToken":"signed-in","expiresAt":"%s","refreshToken":"again","clientId":"c","clientSecret":"word-of-a-client",
         "registrationExpiresAt":"%s","region":"eu-west-3","startUrl":"https://school.example/start"}
        """
            .formatted(
                Instant.now().plusSeconds(seconds).truncatedTo(ChronoUnit.SECONDS),
                Instant.now().plus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS)));
    String output = asAPerson(config);

    assertThat(output)
        .as(String.valueOf(asked))
        .contains("written and read")
        .doesNotContain(S3Server.SECRET, token, "word-of-a-client");
    assertThat(asked).anyMatch(a -> a.contains("role_name=reader") && a.endsWith(token));
    assertThat(asked.stream().anyMatch(a -> a.startsWith("POST /token")))
        .isEqualTo(token.equals("begun-again"));
  }

  /** In a process whose home is the folder. */
  private String asAPerson(Path config) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            CredentialsTest.class.getName(),
            "s3://" + bucket + "/sso",
            SERVER.endpoint());
    String cloudUrl = "http://127.0.0.1:" + cloud.getAddress().getPort();
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    builder
        .environment()
        .putAll(
            Map.of(
                "HOME",
                folder.toString(),
                "AWS_PROFILE",
                "school",
                "AWS_CONFIG_FILE",
                config.toString(),
                "AWS_SHARED_CREDENTIALS_FILE",
                folder.resolve("none").toString(),
                "AWS_EC2_METADATA_DISABLED",
                "true",
                "AWS_ENDPOINT_URL_SSO",
                cloudUrl,
                "AWS_ENDPOINT_URL_SSO_OIDC",
                cloudUrl));
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return output;
  }

  /** A process that says nothing of keys. */
  public static void main(String[] arguments) {
    StorageSettings.S3 settings =
        new StorageSettings.S3(
            Optional.of(arguments[1]),
            Optional.of("eu-west-3"),
            Optional.empty(),
            Optional.empty(),
            "s3");
    try (Storage store =
        Storages.open(
            arguments[0], () -> new StorageSettings(settings, StorageSettings.Hdfs.USUAL))) {
      store.write("a", new byte[] {7});
      System.out.println(store.read("a").orElseThrow()[0] == 7 ? "written and read" : "lost");
    }
  }

  private static String sha1(String text) throws NoSuchAlgorithmException {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(UTF_8)));
  }

  @Test
  void whoSaysNothingIsToldWhereToSayIt() {
    assertThatThrownBy(
            () -> {
              try (Storage store =
                  Storages.open("s3://" + bucket, () -> settings().in("warehouse"))) {
                store.files("");
              }
            })
        .hasMessageContaining("set warehouse.s3.access_key and warehouse.s3.secret_key")
        .hasMessageContaining("a web identity")
        .hasMessageContaining("aws sso login");
  }
}
