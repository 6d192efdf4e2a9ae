package io.ecluse;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LogSettingsTest {
  private final LoggerContext context = new LoggerContext();

  private String written(String format, Throwable thrown) {
    LoggingEvent event =
        new LoggingEvent(
            "here",
            context.getLogger("io.ecluse.Some"),
            Level.WARN,
            "Run {} said \"no\"\nand more",
            thrown,
            new Object[] {"r1"});
    return new String(LogSettings.encoder(context, format).encode(event), StandardCharsets.UTF_8);
  }

  @Test
  void writesAJsonObjectALineWhereThatIsAskedFor() {
    Exception cause = new IllegalArgumentException("Paul Durand, 14/20");
    String line = written("json", new IllegalStateException("It broke \"here\"", cause));
    assertThat(line).endsWith("\n");
    assertThat(line.strip()).doesNotContain("\n").doesNotContain("Durand");
    JsonNode json = JsonMapper.shared().readTree(line);
    assertThat(json.path("level").asString()).isEqualTo("WARN");
    assertThat(json.path("loggerName").asString()).isEqualTo("io.ecluse.Some");
    assertThat(json.path("formattedMessage").asString()).isEqualTo("Run r1 said \"no\"\nand more");
    assertThat(json.path("exception").asString())
        .isEqualTo("java.lang.IllegalStateException: It broke \"here\"");
    assertThat(json.path("timestamp").isNumber()).isTrue();
    assertThat(json.size()).isEqualTo(6); // and the thread's name
  }

  @Test
  void writesTextElsewhere() {
    assertThat(written("", new IllegalStateException("It broke")))
        .contains("WARN  io.ecluse.Some")
        .contains("It broke");
  }
}
