package io.ecluse.source.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Addresses that are good within a network or a machine only (RFC 6890): whoever leads us there
 * lets us ask what they cannot ask themselves, as the services that tell machines of a cloud their
 * keys.
 */
final class PrivateAddresses {
  private static final int BYTE = 0xff;
  private static final byte[] NAT64 = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};

  private PrivateAddresses() {}

  /** Whether a host has such an address; false for one that has none. */
  static boolean has(String host) {
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    try {
      return Arrays.stream(InetAddress.getAllByName(bare)).anyMatch(PrivateAddresses::contain);
    } catch (UnknownHostException e) {
      return false; // asking it will say so
    }
  }

  static boolean contain(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean known =
        address.isLoopbackAddress()
            || address.isAnyLocalAddress()
            || address.isLinkLocalAddress()
            || address.isSiteLocalAddress()
            || address.isMulticastAddress();
    return known || (address instanceof Inet6Address ? isLocal6(bytes) : isLocal4(bytes));
  }

  /** This network, shared (RFC 6598), protocols, tests of networks, and what is reserved. */
  private static boolean isLocal4(byte[] bytes) {
    int first = bytes[0] & BYTE;
    int second = bytes[1] & BYTE;
    return first == 0
        || first == 100 && second >= 64 && second <= 127
        || first == 192 && second == 0 && (bytes[2] & BYTE) == 0
        || first == 198 && (second == 18 || second == 19)
        || first >= 240;
  }

  /** Unique local, and what holds an address of version 4: NAT64, 6to4, compatible ones. */
  private static boolean isLocal6(byte[] bytes) {
    if ((bytes[0] & 0xfe) == 0xfc) {
      return true;
    }
    boolean compatible = Arrays.equals(Arrays.copyOf(bytes, NAT64.length), new byte[NAT64.length]);
    if (compatible || Arrays.equals(Arrays.copyOf(bytes, NAT64.length), NAT64)) {
      return isLocal(Arrays.copyOfRange(bytes, NAT64.length, bytes.length));
    }
    return bytes[0] == 0x20 && bytes[1] == 0x02 && isLocal(Arrays.copyOfRange(bytes, 2, 6));
  }

  private static boolean isLocal(byte[] version4) {
    try {
      return contain(InetAddress.getByAddress(version4));
    } catch (UnknownHostException e) {
      throw new AssertionError("Four bytes are an address", e);
    }
  }
}
