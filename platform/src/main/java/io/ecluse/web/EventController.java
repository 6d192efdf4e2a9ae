package io.ecluse.web;

import io.ecluse.Platform;
import io.ecluse.access.Action;
import io.ecluse.access.Caller;
import io.ecluse.access.Subject;
import io.ecluse.catalog.Runs;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.LiveProject;
import io.ecluse.scheduler.LogLine;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunEvent;
import io.ecluse.scheduler.Scheduler;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Changes as they happen, as server-sent events. A stream begins with everything as it is, so a
 * client that lost its connection misses nothing. One thread a client, which sleeps until something
 * happens.
 */
@RestController
@RequestMapping("/api/v1")
final class EventController implements AutoCloseable {
  private static final int HEARTBEAT_SECONDS = 15;

  /** How often a quiet stream looks whether it may go on. */
  private static final int LOOK_SECONDS = 1;

  private final LiveProject project;
  private final Scheduler scheduler;
  private final Runs runs;
  private final EventStreams streams;
  private final ExecutorService executor =
      Executors.newCachedThreadPool(
          r -> {
            Thread thread = new Thread(r, "events");
            thread.setDaemon(true);
            return thread;
          });

  EventController(Platform platform, EventStreams streams) {
    this.streams = streams;
    this.project = platform.project();
    this.scheduler = platform.scheduler();
    this.runs = platform.catalog().runs();
  }

  /** Sends what an event stands for; false when there is nothing more to come. */
  private interface Sender {
    boolean send(SseEmitter emitter, List<RunEvent> events) throws IOException;
  }

  private interface Filter {
    boolean wants(RunEvent event);
  }

  @GetMapping("/events")
  @Asks(value = Action.SEE, of = Subject.Kind.RUN)
  SseEmitter all(HttpServletRequest request, Caller caller) {
    return stream(
        request,
        e -> e.kind() == RunEvent.Kind.RUN,
        (emitter, events) -> {
          Set<String> changed = new HashSet<>();
          events.forEach(e -> changed.add(e.runId()));
          for (String id : changed) {
            for (Runs.Entry run : runs.entries(caller, scheduler.find(id).stream().toList())) {
              send(emitter, "run", Views.RunView.of(run));
            }
          }
          return true;
        });
  }

  @GetMapping("/runs/{id}/events")
  @Asks(value = Action.SEE, of = Subject.Kind.RUN, named = "id")
  SseEmitter ofRun(@PathVariable String id, HttpServletRequest request) {
    if (scheduler.find(id).isEmpty()) {
      throw ErrorCode.NOT_FOUND.error("There is no run " + id);
    }
    return stream(
        request,
        e -> e.runId().equals(id) && e.kind() != RunEvent.Kind.LOG,
        (emitter, events) -> {
          Run run = scheduler.find(id).orElseThrow();
          Set<String> tasks = new HashSet<>();
          events.forEach(e -> e.taskId().ifPresent(tasks::add));
          boolean everything = events.isEmpty() || run.state().isEnd();
          for (var task : scheduler.tasks(id)) {
            if (everything || tasks.contains(task.taskId())) {
              send(emitter, "task", Views.TaskView.of(task, project.get().vocabulary()));
            }
          }
          send(emitter, "run", Views.RunView.of(runs.entry(run)));
          if (run.state().isEnd()) {
            emitter.send(SseEmitter.event().name("end").data("{}"));
          }
          return !run.state().isEnd();
        });
  }

  @GetMapping("/runs/{id}/tasks/{task}/attempts/{attempt}/log/events")
  @Asks(value = Action.READ_LOG, of = Subject.Kind.RUN, named = "id")
  SseEmitter ofLog(
      @PathVariable String id,
      @PathVariable String task,
      @PathVariable int attempt,
      @RequestParam(defaultValue = "0") int after,
      HttpServletRequest request) {
    int[] sent = {after};
    return stream(
        request,
        e -> e.runId().equals(id) && e.taskId().filter(task::equals).isPresent(),
        (emitter, events) -> {
          boolean over =
              scheduler.attempts(id, task).stream()
                  .anyMatch(a -> a.number() == attempt && a.endedAt().isPresent());
          List<LogLine> lines;
          do {
            lines = scheduler.log(id, task, attempt, sent[0], RunController.LOG_PAGE);
            for (LogLine line : lines) {
              send(emitter, "line", Views.LineView.of(line));
              sent[0] = line.number();
            }
          } while (lines.size() == RunController.LOG_PAGE);
          if (over) {
            emitter.send(SseEmitter.event().name("end").data("{}"));
          }
          return !over;
        });
  }

  private SseEmitter stream(HttpServletRequest request, Filter filter, Sender sender) {
    EventStreams.Ticket ticket = streams.enter(request);
    SseEmitter emitter = new SseEmitter(0L);
    LinkedBlockingQueue<RunEvent> queue = new LinkedBlockingQueue<>();
    boolean[] gone = {false};
    emitter.onCompletion(() -> gone[0] = true);
    emitter.onError(e -> gone[0] = true);
    executor.execute(
        () -> {
          try (ticket;
              AutoCloseable subscription =
                  scheduler.subscribe(
                      e -> {
                        if (filter.wants(e)) {
                          queue.add(e);
                        }
                      })) {
            emitter.send(SseEmitter.event().comment("here")); // the client knows that it is heard
            boolean more = sender.send(emitter, List.of());
            while (more && !gone[0] && ticket.isGood()) {
              more = next(emitter, queue, sender);
              if (ticket.isBeatDue(HEARTBEAT_SECONDS)) {
                emitter.send(SseEmitter.event().comment("still here"));
              }
            }
            emitter.complete();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (IOException | RuntimeException e) {
            fail(emitter, e);
          } catch (Exception e) {
            throw new AssertionError("Closing a subscription throws nothing", e);
          }
        });
    return emitter;
  }

  /** What says that the client has gone, however deep an attempt to send to it has wrapped that. */
  static Optional<Exception> gone(Exception why) {
    return Stream.iterate((Throwable) why, Objects::nonNull, Throwable::getCause)
        .filter(AsyncRequestNotUsableException.class::isInstance)
        .map(Exception.class::cast)
        .findFirst();
  }

  private static void fail(SseEmitter emitter, Exception why) {
    try {
      emitter.completeWithError(gone(why).orElse(why));
    } catch (IllegalStateException e) {
      // the client has gone, and the container has ended its request
    }
  }

  private static boolean next(
      SseEmitter emitter, LinkedBlockingQueue<RunEvent> queue, Sender sender)
      throws IOException, InterruptedException {
    RunEvent first = queue.poll(LOOK_SECONDS, TimeUnit.SECONDS);
    if (first == null) {
      return true;
    }
    List<RunEvent> events = new java.util.ArrayList<>(List.of(first));
    queue.drainTo(events);
    return sender.send(emitter, events);
  }

  private static void send(SseEmitter emitter, String name, Object data) throws IOException {
    emitter.send(
        SseEmitter.event()
            .name(name)
            .data(data, org.springframework.http.MediaType.APPLICATION_JSON));
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
