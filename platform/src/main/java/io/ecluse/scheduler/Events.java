package io.ecluse.scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/** Changes of runs, sent through the database, so that every process hears of all of them. */
final class Events {
  static final String CHANNEL = "ecluse_runs";

  /** A notification holds under 8,000 bytes. */
  private static final int MOST_CHARACTERS = 6_000;

  private static final char FIELD = '\t';
  private static final char EVENT = '\n';

  private final List<Consumer<RunEvent>> listeners = new CopyOnWriteArrayList<>();

  /** Sent when the transaction commits. */
  static void send(Handle handle, String environment, List<RunEvent> events) {
    StringBuilder payload = new StringBuilder(environment);
    for (RunEvent event : events) {
      if (payload.length() > MOST_CHARACTERS) {
        notify(handle, payload.toString());
        payload = new StringBuilder(environment);
      }
      payload
          .append(EVENT)
          .append(event.kind().name().charAt(0))
          .append(FIELD)
          .append(event.runId())
          .append(FIELD)
          .append(event.taskId().orElse(""));
    }
    if (!events.isEmpty()) {
      notify(handle, payload.toString());
    }
  }

  private static void notify(Handle handle, String payload) {
    handle
        .createQuery("SELECT pg_notify(:channel, :payload)")
        .bind("channel", CHANNEL)
        .bind("payload", payload)
        .mapTo(String.class)
        .one();
  }

  /** Hands a notification on to whoever listens. Returns the events of our environment. */
  List<RunEvent> receive(String environment, String payload) {
    String[] lines = payload.split(String.valueOf(EVENT));
    List<RunEvent> events = new ArrayList<>();
    if (!lines[0].equals(environment)) {
      return events;
    }
    for (int i = 1; i < lines.length; i++) {
      String[] fields = lines[i].split(String.valueOf(FIELD), -1);
      RunEvent.Kind kind =
          switch (fields[0]) {
            case "T" -> RunEvent.Kind.TASK;
            case "L" -> RunEvent.Kind.LOG;
            default -> RunEvent.Kind.RUN;
          };
      events.add(
          new RunEvent(
              fields[1], fields[2].isEmpty() ? Optional.empty() : Optional.of(fields[2]), kind));
    }
    for (RunEvent event : events) {
      listeners.forEach(l -> l.accept(event));
    }
    return events;
  }

  AutoCloseable subscribe(Consumer<RunEvent> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }
}
