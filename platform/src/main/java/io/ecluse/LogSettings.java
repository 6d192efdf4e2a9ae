package io.ecluse;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.slf4j.Logger;

/**
 * How the log is written: to standard error, from {@code -Decluse.log} up. Found by Logback as a
 * service; a file of XML takes a tenth of a second longer, of every command.
 */
@NullMarked
public final class LogSettings extends ContextAwareBase implements Configurator {
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
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName("STDERR");
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
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
}
