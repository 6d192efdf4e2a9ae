package io.ecluse.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.Servers;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.pipeline.Dag;
import io.ecluse.pipeline.RunLimits;
import io.ecluse.pipeline.Task;
import io.ecluse.pipeline.Work;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Attempts that are thought to be dead and go on, and people who click twice. */
@Timeout(60)
class FenceTest {
  @RegisterExtension final Schedulers schedulers = new Schedulers();

  private Scheduler scheduler(TaskRunner runner) {
    return schedulers.working(2, 100, runner);
  }

  private static RunRequest request() {
    Task task = Task.of("a", Work.EMPTY, Set.of());
    Dag dag = new Dag("d", "", Optional.empty(), RunLimits.DEFAULT, List.of(task), Map.of());
    return new RunRequest(dag, Trigger.MANUAL, Instant.now(), Set.of());
  }

  private void hold(Attempt context) {
    schedulers.metadata().jdbi().useTransaction(h -> context.holdPlace(h.getConnection()));
  }

  @Test
  void refusesAnAttemptWhosePlaceAnotherHasTaken() throws Exception {
    ConcurrentLinkedQueue<Attempt> attempts = new ConcurrentLinkedQueue<>();
    CountDownLatch never = new CountDownLatch(1);
    Scheduler scheduler =
        scheduler(
            c -> {
              attempts.add(c);
              if (c.number() == 1) {
                never.await();
              }
              hold(c);
              return TaskResult.NOTHING;
            });
    String run = scheduler.start(request());
    while (attempts.isEmpty()) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    hold(attempts.peek()); // as long as it is current, it may

    Servers.execute(
        schedulers.database(),
        "UPDATE ecluse.task_instance SET state = 'pending', worker_id = NULL; UPDATE ecluse.attempt SET state = 'lost', ended_at = now()");
    assertThat(scheduler.awaitEnd(run).state()).isEqualTo(RunState.SUCCESS);

    assertThat(attempts).extracting(Attempt::number).containsExactly(1, 2);
    assertThatThrownBy(() -> hold(attempts.peek()))
        .isInstanceOfSatisfying(
            EcluseException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.ATTEMPT_OVERTAKEN));
    never.countDown();
  }

  @Test
  void nobodyTakesAnAttemptAwayWhileItWrites() throws Exception {
    CompletableFuture<Attempt> running = new CompletableFuture<>();
    CountDownLatch done = new CountDownLatch(1);
    Scheduler scheduler =
        scheduler(
            c -> {
              running.complete(c);
              done.await();
              return TaskResult.NOTHING;
            });
    scheduler.start(request());
    Attempt context = running.get(30, TimeUnit.SECONDS);
    CompletableFuture<Void> taken;
    try (var handle = schedulers.metadata().jdbi().open()) {
      handle.begin();
      context.holdPlace(handle.getConnection());
      taken =
          CompletableFuture.runAsync(
              () ->
                  Servers.execute(
                      schedulers.database(), "UPDATE ecluse.attempt SET state = 'lost'"));
      TimeUnit.MILLISECONDS.sleep(300);
      assertThat(taken).isNotDone();
      handle.commit();
    }
    taken.get(30, TimeUnit.SECONDS);
    done.countDown();
  }

  @Test
  void theSecondOfTwoRetriesAtOnceIsRefusedAndResetsNothing() throws Exception {
    CountDownLatch broken = new CountDownLatch(1);
    Scheduler scheduler =
        scheduler(
            c -> {
              if (broken.getCount() > 0) {
                throw new EcluseException(ErrorCode.DATA_INVALID, "wrong");
              }
              TimeUnit.MILLISECONDS.sleep(20);
              return TaskResult.NOTHING;
            });
    for (int i = 0; i < 20; i++) {
      String run = scheduler.start(request());
      Run ended = scheduler.awaitEnd(run);
      if (ended.state() == RunState.SUCCESS) {
        Servers.execute(
            schedulers.database(),
            "UPDATE ecluse.run SET state = 'failed' WHERE id = '%1$s'; UPDATE ecluse.task_instance SET state = 'failed' WHERE run_id = '%1$s'"
                .formatted(run));
      }
      broken.countDown();
      int attemptsBefore = scheduler.attempts(run, "a").size();
      List<CompletableFuture<Boolean>> clicks = new ArrayList<>();
      for (int click = 0; click < 4; click++) {
        clicks.add(CompletableFuture.supplyAsync(() -> retried(scheduler, run)));
      }
      int accepted = 0;
      for (CompletableFuture<Boolean> click : clicks) {
        accepted += click.get(30, TimeUnit.SECONDS) ? 1 : 0;
      }
      assertThat(scheduler.awaitEnd(run).state()).isEqualTo(RunState.SUCCESS);
      assertThat(accepted).isEqualTo(1);
      assertThat(scheduler.attempts(run, "a")).hasSize(attemptsBefore + 1);
    }
  }

  private static boolean retried(Scheduler scheduler, String run) {
    try {
      scheduler.retry(run, Optional.empty());
      return true;
    } catch (EcluseException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT);
      return false;
    }
  }
}
