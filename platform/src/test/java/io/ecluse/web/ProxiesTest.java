package io.ecluse.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ProxiesTest {
  private static boolean believed(String address, String... proxies) {
    return Pattern.compile(Proxies.pattern(Set.of(proxies))).matcher(address).matches();
  }

  @Test
  void areAddressesAndNetworks() {
    assertThat(believed("10.0.0.7", "10.0.0.7")).isTrue();
    assertThat(believed("10.0.0.70", "10.0.0.7")).isFalse();
    assertThat(believed("10a0.0.7", "10.0.0.7")).isFalse();
    assertThat(believed("10.42.3.200", "10.42.0.0/16")).isTrue();
    assertThat(believed("10.43.3.200", "10.42.0.0/16")).isFalse();
    assertThat(believed("110.42.3.200", "10.42.0.0/16")).isFalse();
    assertThat(believed("10.42.3.200", "192.168.1.1", "10.0.0.0/8")).isTrue();
    assertThat(believed("10.42.3.9", "10.42.3.0/24")).isTrue();
    assertThat(believed("10.42.4.9", "10.42.3.0/24")).isFalse();
    assertThat(believed("127.0.0.1")).as("nobody is named").isFalse();
  }

  @Test
  void refusesWhatIsNeither() {
    for (String wrong : List.of("ingress", "10.0.0.0/12", "0.0.0.0/0", "10.0.0.0/", "fe80::/16")) {
      assertThatThrownBy(() -> Proxies.check(wrong)).as(wrong).hasMessageContaining(wrong);
    }
  }
}
