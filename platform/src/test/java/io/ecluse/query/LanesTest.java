package io.ecluse.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.engine.Cancellation;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LanesTest {
  private static final int AMPLE_SECONDS = 30;

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(300);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whoCancelsAndWhoWaitsDoNotWaitForEachOther() throws Exception {
    Lanes lanes = new Lanes();
    for (String name : new String[] {"ada", "bob", "eve"}) {
      lanes.enter(Ticket.quick(Callers.named(name), new Cancellation()));
    }
    Lanes.Place other = lanes.enter(Ticket.patient(Callers.named("ada"), new Cancellation()));
    Cancellation cancellation = new Cancellation();
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      CompletableFuture<Lanes.Place> waits =
          CompletableFuture.supplyAsync(
              () -> lanes.enter(Ticket.quick(Callers.named("late"), cancellation)), threads);
      pause(); // it waits for a place
      cancellation.onCancel(
          () -> {
            other.close(); // wakes whoever waits
            pause(); // who looks whether it is cancelled
            assertThat(lanes.isFree(Lane.LONG, "ada")).isTrue();
          });
      CompletableFuture.runAsync(cancellation::cancel, threads)
          .get(AMPLE_SECONDS, TimeUnit.SECONDS);

      assertThatThrownBy(() -> waits.get(AMPLE_SECONDS, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasMessageContaining("cancelled");
    } finally {
      threads.shutdownNow();
    }
  }
}
