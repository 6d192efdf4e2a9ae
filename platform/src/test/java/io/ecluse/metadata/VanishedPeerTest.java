package io.ecluse.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.BrokenNetwork;
import io.ecluse.Servers;
import io.ecluse.error.DatabaseLost;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.net.Socket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The other end of a connection goes away without a word. */
@Timeout(90)
class VanishedPeerTest {
  private final String database = Servers.newDatabase();

  @Test
  void theServerAsksAfterSecondsWhetherWeAreThere() throws Exception {
    try (Metadata metadata = new Metadata(Servers.settings(database))) {
      String pooled = metadata.jdbi().withHandle(h -> settings(h.getConnection()));
      assertThat(pooled).isEqualTo("5 2 3 15000");
      try (Connection dedicated = metadata.dedicatedConnection()) {
        assertThat(settings(dedicated)).isEqualTo("5 2 3 15000");
      }
    }
  }

  private static String settings(Connection connection) {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT concat_ws(' ', current_setting('tcp_keepalives_idle'), current_setting('tcp_keepalives_interval'), current_setting('tcp_keepalives_count'), (SELECT setting FROM pg_settings WHERE name = 'tcp_user_timeout'))")) {
      rows.next();
      return rows.getString(1);
    } catch (java.sql.SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void weAskAfterSecondsWhetherTheServerIsThere() throws IOException {
    try (Socket socket = new WatchfulSockets().createSocket()) {
      assertThat(socket.getKeepAlive()).isTrue();
      assertThat(socket.getOption(ExtendedSocketOptions.TCP_KEEPIDLE)).isEqualTo(5);
      assertThat(socket.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL)).isEqualTo(2);
      assertThat(socket.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT)).isEqualTo(3);
    }
  }

  @Test
  void aServerBehindANetworkThatSwallowsEverythingIsLostAndSaidToBe() throws Exception {
    try (Swallowing network = new Swallowing(Servers.server().port())) {
      DatabaseSettings direct = Servers.settings(database);
      DatabaseSettings through =
          new DatabaseSettings(
              direct.jdbcUrl().replace(":" + Servers.server().port(), ":" + network.port()),
              direct.user(),
              direct.password());
      try (Metadata metadata = new Metadata(through)) {
        assertThat(one(metadata)).isEqualTo(1);
        assertThat(metadata.answers()).isTrue();
        network.swallow();

        assertThatThrownBy(() -> one(metadata))
            .satisfies(
                e ->
                    assertThat(DatabaseLost.in(e).orElseThrow().code())
                        .isEqualTo(ErrorCode.DATABASE_UNREACHABLE));
        Thread.sleep(600); // an answer is believed for half a second
        assertThat(metadata.answers()).isFalse();
      }
    }
  }

  private static int one(Metadata metadata) {
    return metadata.jdbi().withHandle(h -> h.createQuery("SELECT 1").mapTo(Integer.class).one());
  }

  /** A network that can begin to take everything and to bring nothing. */
  private static final class Swallowing extends BrokenNetwork {
    private volatile boolean swallows;

    Swallowing(int target) throws IOException {
      super(target);
    }

    void swallow() {
      swallows = true;
    }

    @Override
    protected Fate fate(Way way, Socket client, byte[] buffer, int length) {
      return swallows ? Fate.SWALLOWED : Fate.CARRIED;
    }
  }
}
