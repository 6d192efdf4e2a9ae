package io.ecluse.web;

import static io.ecluse.web.BlankServer.cookie;
import static io.ecluse.web.BlankServer.request;
import static io.ecluse.web.BlankServer.send;
import static io.ecluse.web.BlankServer.signIn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.access.AccessTokens;
import io.ecluse.error.EcluseException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server by HTTPS, with certificates of the test's own. */
@Timeout(180)
class TlsTest {
  @TempDir static Path temp;
  private static BlankServer blank;

  @BeforeAll
  static void open() {
    blank = BlankServer.open(temp.resolve("blank"));
  }

  @AfterAll
  static void close() {
    blank.close();
  }

  @Test
  void servesHttpsByPemFilesAndReadsThemAgain() throws Exception {
    Path certificate = temp.resolve("server.pem");
    Path key = temp.resolve("server.key");
    writeCertificate("first", certificate, key);
    WebSettings.Tls tls = new WebSettings.Tls(certificate, key);
    try (WebServer secure =
        blank.serve(
            new WebSettings(
                "127.0.0.1",
                0,
                Optional.of(tls),
                Set.of(),
                Optional.empty(),
                AccessTokens.SESSION_IDLE))) {
      assertThat(secure.url()).startsWith("https://");
      assertThat(ServerProbe.answers(listening(secure))).isTrue();
      HttpResponse<String> signedIn = send(trusting(), signIn(secure));
      assertThat(signedIn.statusCode()).isEqualTo(204);
      assertThat(cookie(signedIn)).contains("; Secure");
      assertThat(subject(secure)).contains("CN=first");

      writeCertificate("second", certificate, key);
      for (int i = 0; i < 100 && !subject(secure).contains("CN=second"); i++) {
        Thread.sleep(300);
      }
      assertThat(subject(secure)).contains("CN=second");
    }
    assertThatThrownBy(() -> new WebSettings.Tls(temp.resolve("none.pem"), key))
        .isInstanceOf(EcluseException.class)
        .hasMessageContaining("none.pem");
  }

  private static io.ecluse.metadata.WebServers.Listening listening(WebServer at) {
    return new io.ecluse.metadata.WebServers(
            blank.platform().metadata().jdbi(), blank.platform().environment())
        .all().stream().filter(s -> s.url().toString().equals(at.url())).findFirst().orElseThrow();
  }

  private static String subject(WebServer at) {
    SSLSession session = send(trusting(), request(at, "/api/v1/health")).sslSession().orElseThrow();
    try {
      return ((X509Certificate) session.getPeerCertificates()[0])
          .getSubjectX500Principal()
          .getName();
    } catch (javax.net.ssl.SSLPeerUnverifiedException e) {
      throw new AssertionError(e);
    }
  }

  /** A client that takes any certificate for this machine. */
  private static HttpClient trusting() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Trusting()}, null);
      return HttpClient.newBuilder().sslContext(context).build();
    } catch (java.security.GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static final class Trusting extends javax.net.ssl.X509ExtendedTrustManager
      implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] c, String t, java.net.Socket s) {}

    @Override
    public void checkServerTrusted(X509Certificate[] c, String t, java.net.Socket s) {}

    @Override
    public void checkClientTrusted(X509Certificate[] c, String t, javax.net.ssl.SSLEngine e) {}

    @Override
    public void checkServerTrusted(X509Certificate[] c, String t, javax.net.ssl.SSLEngine e) {}

    @Override
    public void checkClientTrusted(X509Certificate[] c, String t) {}

    @Override
    public void checkServerTrusted(X509Certificate[] c, String t) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  private static void writeCertificate(String name, Path certificate, Path key) throws Exception {
    Path store = Files.createTempDirectory(temp, "store").resolve("keys.p12");
    run(
        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
        "-genkeypair",
        "-alias",
        "it",
        "-keyalg",
        "EC",
        "-dname",
        "CN=" + name,
        "-ext",
        "san=ip:127.0.0.1",
        "-storetype",
        "PKCS12",
        "-storepass",
        "secret",
        "-keystore",
        store.toString());
    KeyStore keys = KeyStore.getInstance(store.toFile(), "secret".toCharArray());
    Certificate made = keys.getCertificate("it");
    Files.writeString(
        key, pem("PRIVATE KEY", keys.getKey("it", "secret".toCharArray()).getEncoded()));
    Files.writeString(certificate, pem("CERTIFICATE", made.getEncoded()));
  }

  private static String pem(String what, byte[] bytes) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(what, Base64.getMimeEncoder().encodeToString(bytes), what);
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(output).isZero();
  }
}
