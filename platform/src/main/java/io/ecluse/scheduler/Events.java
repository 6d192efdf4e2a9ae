package io.ecluse.scheduler;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes of runs, sent through the database, so that every process hears of all of them. */
final class Events {
  static final String CHANNEL = "ecluse_runs";

  private static final Logger LOG = LoggerFactory.getLogger(Events.class);

  /** A notification holds under 8,000 bytes. */
  private static final int MOST_CHARACTERS = 6_000;

  private static final String FIELD = "\t";
  private static final String EVENT = "\n";

  private final String environment;
  private final String sender;
  private final List<Consumer<RunEvent>> listeners = new CopyOnWriteArrayList<>();

  /**
   * @param sender tells this process's events from those of others
   */
  Events(String environment, String sender) {
    this.environment = environment;
    this.sender = sender;
  }

  /**
   * Events of our environment.
   *
   * @param isOwn whether this process sent them
   */
  record Received(boolean isOwn, List<RunEvent> events) {}

  /** Sent, in order, when the transaction commits. */
  void send(Handle handle, List<RunEvent> events) {
    List<String> payloads = new ArrayList<>();
    StringBuilder payload = head();
    for (RunEvent event : new LinkedHashSet<>(events)) {
      if (payload.length() > MOST_CHARACTERS) {
        payloads.add(payload.toString());
        payload = head();
      }
      payload
          .append(EVENT)
          .append(event.kind().name().charAt(0))
          .append(FIELD)
          .append(event.runId())
          .append(FIELD)
          .append(event.taskId().orElse(""));
    }
    if (events.isEmpty()) {
      return;
    }
    payloads.add(payload.toString());
    handle
        .createQuery(
            "SELECT count(pg_notify(:channel, p)) FROM unnest(:payloads) WITH ORDINALITY AS u(p, n)")
        .bind("channel", CHANNEL)
        .bindArray("payloads", String.class, payloads.toArray())
        .mapTo(Long.class)
        .one();
  }

  private StringBuilder head() {
    return new StringBuilder(environment).append(FIELD).append(sender);
  }

  /** Hands a notification on to whoever listens. */
  Received receive(String payload) {
    String[] lines = payload.split(EVENT);
    String[] head = lines[0].split(FIELD, -1);
    List<RunEvent> events = new ArrayList<>();
    if (head.length != 2 || !head[0].equals(environment)) {
      return new Received(true, events);
    }
    for (int i = 1; i < lines.length; i++) {
      events.add(event(lines[i].split(FIELD, -1)));
    }
    for (RunEvent event : events) {
      listeners.forEach(l -> tell(l, event));
    }
    return new Received(head[1].equals(sender), events);
  }

  private static RunEvent event(String[] fields) {
    RunEvent.Kind kind =
        switch (fields[0]) {
          case "T" -> RunEvent.Kind.TASK;
          case "L" -> RunEvent.Kind.LOG;
          default -> RunEvent.Kind.RUN;
        };
    return new RunEvent(
        fields[1], fields[2].isEmpty() ? Optional.empty() : Optional.of(fields[2]), kind);
  }

  /** The thread that tells is the one that keeps this process alive: no listener may end it. */
  private static void tell(Consumer<RunEvent> listener, RunEvent event) {
    try {
      listener.accept(event);
    } catch (RuntimeException e) {
      LOG.warn("A listener failed on {}; it hears of the next event all the same", event, e);
    }
  }

  Subscription subscribe(Consumer<RunEvent> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }
}
