package io.ecluse.postgres;

import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Random;

/** Ports on 127.0.0.1. */
final class Ports {
  /**
   * Below the range from which Linux takes the ports of outgoing connections, one of which might
   * hold ours at the next start.
   */
  private static final int FIRST = 20_000;

  private static final int LAST = 32_000;
  private static final int TRIES = 200;

  private Ports() {}

  static boolean isFree(int port) {
    try (ServerSocket socket =
        new ServerSocket(port, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      return socket.getLocalPort() == port;
    } catch (IOException e) {
      return false;
    }
  }

  static int choose(Random random) {
    for (int i = 0; i < TRIES; i++) {
      int port = FIRST + random.nextInt(LAST - FIRST);
      if (isFree(port)) {
        return port;
      }
    }
    throw ErrorCode.PORT_IN_USE.error(
        "Found no free port on 127.0.0.1 between %d and %d".formatted(FIRST, LAST));
  }
}
