package io.ecluse.source;

/** Hears how an extract goes. Called from several threads. */
public interface ExtractListener {
  /** One line for the task's log; never data of a row. */
  void log(String line);

  /** Rows read so far, and in all as far as is known. */
  void progress(long rows, long total);

  /** What the extract cost the source, once it is known. */
  default void impact(ImpactReceipt receipt) {}

  /**
   * Runs a change of staging, unless another extract has taken this one's place: then nothing is
   * changed. Who wants to take it meanwhile waits.
   *
   * @throws io.ecluse.error.EcluseException ATTEMPT_OVERTAKEN
   */
  default void inPlace(Runnable change) {
    change.run();
  }

  /** Has {@code action} run, from another thread, when the extract is no longer wanted. */
  void onCancel(Runnable action);
}
