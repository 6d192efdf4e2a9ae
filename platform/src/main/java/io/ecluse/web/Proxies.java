package io.ecluse.web;

import io.ecluse.error.ErrorCode;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which addresses are those of proxies: single ones, and networks of IPv4 in which the proxies of a
 * cluster come and go. A network ends between two numbers of the address: the container's own
 * check, which decides whose headers are believed, is a pattern of text.
 */
final class Proxies {
  private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F.:]+");
  private static final Pattern NETWORK =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.\\d{1,3}/(8|16|24|32)");

  private Proxies() {}

  /**
   * Refuses what is neither.
   *
   * @throws io.ecluse.error.EcluseException INVALID_USAGE
   */
  static void check(String proxy) {
    if (!ADDRESS.matcher(proxy).matches() && !NETWORK.matcher(proxy).matches()) {
      throw ErrorCode.INVALID_USAGE.error(
          "A proxy is named by its address, as in 10.0.0.7, or a network of proxies as 10.42.0.0/16 (/8, /16 or /24), but not '%s'"
              .formatted(proxy));
    }
  }

  /** What the address of one matches. */
  static String pattern(Set<String> proxies) {
    return proxies.isEmpty()
        ? "(?!)"
        : proxies.stream().map(Proxies::pattern).collect(Collectors.joining("|"));
  }

  private static String pattern(String proxy) {
    int slash = proxy.indexOf('/');
    if (slash < 0) {
      return Pattern.quote(proxy);
    }
    String[] numbers = proxy.substring(0, slash).split("\\.");
    int kept = Integer.parseInt(proxy.substring(slash + 1)) / 8;
    StringBuilder pattern = new StringBuilder();
    for (int i = 0; i < numbers.length; i++) {
      pattern.append(i == 0 ? "" : "\\.").append(i < kept ? numbers[i] : "\\d{1,3}");
    }
    return pattern.toString();
  }
}
