package io.ecluse.spark;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;

/**
 * The lines of the driver's log that people of the platform read: warnings and worse of everybody,
 * and ours. Lines hold no values of rows, and no secrets.
 *
 * <p>Safe for use by several threads.
 */
final class JobLog implements AutoCloseable {
  private static final int MOST = 1_000;
  private static final String OURS = "io.ecluse";
  private static final Tap TAP = new Tap();

  private final Deque<Line> lines = new ArrayDeque<>();
  private final Job.Values values;
  private long dropped;

  private record Line(Instant at, Level level, String text) {}

  private JobLog(Job.Values values) {
    this.values = values;
  }

  /** Listens from now on. */
  static JobLog open(Job.Values values) {
    JobLog log = new JobLog(values);
    TAP.logs.add(log);
    tap();
    return log;
  }

  /** Spark may set its logging up anew when it starts. */
  static void tap() {
    if (!(LogManager.getContext(false) instanceof LoggerContext context)) {
      return; // a logging of somebody else's: its lines stay there
    }
    Configuration configuration = context.getConfiguration();
    if (configuration.getRootLogger().getAppenders().containsKey(Tap.NAME)) {
      return;
    }
    if (!TAP.isStarted()) {
      TAP.start();
    }
    configuration.getRootLogger().addAppender(TAP, null, null);
    if (!configuration.getLoggers().containsKey(OURS)) {
      configuration.addLogger(OURS, new LoggerConfig(OURS, Level.INFO, true));
    }
    context.updateLoggers();
  }

  /** The lines since the last call; they are kept until {@link #told}. */
  synchronized ArrayNode lines() {
    ArrayNode array = Door.JSON.createArrayNode();
    if (dropped > 0) {
      add(array, new Line(Instant.now(), Level.WARN, dropped + " lines before were left out"));
    }
    lines.forEach(line -> add(array, line));
    return array;
  }

  private static void add(ArrayNode array, Line line) {
    array
        .addObject()
        .put("at", line.at.toString())
        .put("level", line.level.name())
        .put("text", line.text);
  }

  /** Forgets lines that have arrived. */
  synchronized void told(ArrayNode arrived) {
    int count = arrived.size() - (dropped > 0 ? 1 : 0);
    dropped = 0;
    for (int i = 0; i < count && !lines.isEmpty(); i++) {
      lines.removeFirst();
    }
  }

  private synchronized void add(LogEvent event) {
    String text = text(event);
    if (lines.size() == MOST) {
      lines.removeFirst();
      dropped++;
    }
    lines.addLast(new Line(Instant.ofEpochMilli(event.getTimeMillis()), event.getLevel(), text));
  }

  private String text(LogEvent event) {
    String message = event.getMessage().getFormattedMessage();
    Throwable thrown = event.getThrown();
    String text =
        (message == null ? "" : message.lines().findFirst().orElse(""))
            + (thrown == null ? "" : " (" + thrown.toString().lines().findFirst().orElse("") + ")");
    return Secrets.hidden(values == Job.Values.SHOWN ? text : Masked.line(text));
  }

  @Override
  public void close() {
    TAP.logs.remove(this);
  }

  /** Hands lines on to whoever listens. */
  private static final class Tap extends AbstractAppender {
    static final String NAME = "ecluse-jobs";

    private final List<JobLog> logs = new CopyOnWriteArrayList<>();

    Tap() {
      super(NAME, null, null, true, Property.EMPTY_ARRAY);
    }

    @Override
    public void append(LogEvent event) {
      if (event.getLevel().isMoreSpecificThan(Level.WARN)
          || (event.getLoggerName().startsWith(OURS)
              && event.getLevel().isMoreSpecificThan(Level.INFO))) {
        logs.forEach(log -> log.add(event));
      }
    }
  }
}
