package io.ecluse.emr;

/** Who waits for something of a cluster. Asked and told by the thread that waits. */
public interface Watcher {
  /** Takes a line for people. Never a secret, never data of a row. */
  void log(String line);

  /** Whether nobody wants it any more. */
  boolean isCancelled();
}
