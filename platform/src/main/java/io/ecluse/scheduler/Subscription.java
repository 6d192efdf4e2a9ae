package io.ecluse.scheduler;

/** Something that listens until it is closed; closing it twice is safe. */
public interface Subscription extends AutoCloseable {
  @Override
  void close();
}
