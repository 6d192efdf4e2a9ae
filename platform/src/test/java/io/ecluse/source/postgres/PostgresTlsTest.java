package io.ecluse.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Servers;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.postgres.PostgresSourceSettings.Server;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes wrong with TLS, with cause and remedy. */
@Timeout(60)
class PostgresTlsTest extends ErrorsLab {
  @Test
  void tlsThatTheServerDoesNotSpeak() {
    EcluseException e =
        connecting(
            local("postgres", Servers.server().user(), Servers.server().password(), "require"));

    assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_REFUSED);
    assertThat(e)
        .hasMessageContaining("offers no TLS, but sslmode is require")
        .hasMessageContaining("connection.sslmode: prefer");
  }

  @Test
  void tlsThatTheServerWantsAndCertificatesThatAreNotRight() throws Exception {
    try (GuardedServer guarded = GuardedServer.start(folder)) {
      guarded.execute("CREATE ROLE reader LOGIN PASSWORD 'secret-1'");
      guarded.admit("hostssl postgres reader 127.0.0.1/32 scram-sha-256");

      EcluseException plain = connecting(guarded, "127.0.0.1", "disable", Optional.empty());
      assertThat(plain.code()).isEqualTo(ErrorCode.SOURCE_REFUSED);
      assertThat(plain)
          .hasMessageContaining("admits no user reader")
          .hasMessageContaining("without TLS; set connection.sslmode: require");

      EcluseException stranger =
          connecting(guarded, "localhost", "verify-ca", Optional.of(guarded.anotherCertificate()));
      assertThat(stranger.code()).isEqualTo(ErrorCode.SOURCE_REFUSED);
      assertThat(stranger)
          .hasMessageContaining("TLS with localhost:")
          .hasMessageContaining("connection.sslrootcert");

      assertThat(
              connecting(guarded, "127.0.0.1", "verify-full", Optional.of(guarded.certificate())))
          .hasMessageContaining("under sslmode verify-full")
          .hasMessageContaining("connection.host is the name in it");

      assertThat(
              connecting(
                  guarded, "localhost", "verify-ca", Optional.of(folder.resolve("absent.crt"))))
          .hasMessageContaining("connection.sslrootcert");

      guarded.admit("hostssl other reader 127.0.0.1/32 scram-sha-256");
      assertThat(connecting(guarded, "127.0.0.1", "require", Optional.empty()))
          .hasMessageContaining("add a line for this user")
          .hasMessageContaining("hostssl postgres reader ADDRESS/32 scram-sha-256");

      guarded.admit("hostssl postgres reader 127.0.0.1/32 scram-sha-256");
      PostgresSourceSettings right =
          UnknownErp.settings(
              guardedBy(guarded, "localhost", "verify-full", Optional.of(guarded.certificate())),
              "public");
      new PostgresConnections(right, new PostgresErrors(right)).open().close();
    }
  }

  private static Server guardedBy(
      GuardedServer guarded, String host, String sslMode, Optional<Path> trusted) {
    return new Server(
        host,
        guarded.server().port(),
        "postgres",
        "reader",
        "secret-1",
        sslMode,
        trusted.map(Path::toString),
        Duration.ofSeconds(10));
  }

  private static EcluseException connecting(
      GuardedServer guarded, String host, String sslMode, Optional<Path> trusted) {
    return connecting(guardedBy(guarded, host, sslMode, trusted));
  }
}
