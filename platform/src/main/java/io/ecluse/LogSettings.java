package io.ecluse;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.JsonEscapeUtil;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.slf4j.Logger;

/**
 * How the log is written: to standard error, from {@code -Decluse.log} up, as text, or as one JSON
 * object a line if {@link #FORMAT} says so. Found by Logback as a service; a file of XML takes a
 * tenth of a second longer, of every command.
 */
@NullMarked
public final class LogSettings extends ContextAwareBase implements Configurator {
  /** {@code json}, or {@code text}. */
  static final String FORMAT = "ECLUSE_LOG_FORMAT";

  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z', UTC} %-5level %-28.28logger{28} %msg%n%ex{short}";

  /** Libraries that say more than anybody needs; a lost database is told by those that need it. */
  private static final List<String> TALKATIVE =
      List.of(
          "com.zaxxer.hikari.pool.ProxyConnection",
          "org.springdoc",
          "org.apache.catalina",
          "org.apache.hadoop",
          "software.amazon.awssdk");

  /** Unless a file says otherwise: Logback's own property names one, or tests have theirs. */
  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (System.getProperty("logback.configurationFile") != null
        || LogSettings.class.getResource("/logback-test.xml") != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName("STDERR");
    appender.setTarget("System.err");
    appender.setEncoder(encoder(context, System.getenv().getOrDefault(FORMAT, "")));
    appender.start();
    TALKATIVE.forEach(name -> context.getLogger(name).setLevel(Level.ERROR));
    context
        .getLogger("io.ecluse")
        .setLevel(Level.toLevel(System.getProperty("ecluse.log"), Level.INFO));
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(appender);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  static Encoder<ILoggingEvent> encoder(LoggerContext context, String format) {
    if (format.equals("json")) {
      JsonEncoder json = new JsonLines();
      json.setContext(context);
      json.start();
      return json;
    }
    PatternLayoutEncoder text = new PatternLayoutEncoder();
    text.setContext(context);
    text.setPattern(PATTERN);
    text.start();
    return text;
  }

  /**
   * As much as the text has: of an exception its first line, since causes may hold data of rows.
   */
  private static final class JsonLines extends JsonEncoder {
    JsonLines() {
      setWithSequenceNumber(false);
      setWithNanoseconds(false);
      setWithContext(false);
      setWithMarkers(false);
      setWithMDC(false);
      setWithKVPList(false);
      setWithMessage(false);
      setWithArguments(false);
      setWithThrowable(false);
      setWithFormattedMessage(true);
    }

    @Override
    protected void appendCustomFields(StringBuilder line, ILoggingEvent event) {
      IThrowableProxy thrown = event.getThrowableProxy();
      if (thrown != null) {
        line.append(",\"exception\":\"")
            .append(
                JsonEscapeUtil.jsonEscapeString(thrown.getClassName() + ": " + thrown.getMessage()))
            .append('"');
      }
    }
  }
}
