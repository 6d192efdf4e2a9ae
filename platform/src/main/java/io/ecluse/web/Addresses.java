package io.ecluse.web;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;

/** What counts as one client: an IPv4 address, or the 64 bits of IPv6 that a network is given. */
final class Addresses {
  private static final Set<String> LOCAL_NAMES = Set.of("localhost", "127.0.0.1", "::1", "[::1]");
  private static final int NETWORK_BYTES = 8;

  private Addresses() {}

  /** The client that an address without a name belongs to. */
  static String client(String address) {
    if (!address.contains(":")) {
      return address;
    }
    try {
      return InetAddress.getByName(address) instanceof Inet6Address six
          ? HexFormat.of().formatHex(Arrays.copyOf(six.getAddress(), NETWORK_BYTES))
          : address;
    } catch (UnknownHostException e) {
      return address;
    }
  }

  /** Whether an address to listen on is reachable from this machine alone. */
  static boolean isLoopback(String address) {
    return LOCAL_NAMES.contains(address) || address.matches("127(\\.\\d{1,3}){3}");
  }

  /** Whether a name in a request's Host header is one that this machine alone goes by. */
  static boolean isLocalName(String host) {
    return LOCAL_NAMES.contains(host);
  }
}
