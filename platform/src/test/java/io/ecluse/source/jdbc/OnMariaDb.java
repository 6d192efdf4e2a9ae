package io.ecluse.source.jdbc;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A test of a MariaDB that runs for its class. */
interface OnMariaDb extends OnDatabase {
  /** One at a time: the classes of a process are tested one after the other. */
  AtomicReference<Optional<MariaDbServer>> SERVER = new AtomicReference<>(Optional.empty());

  @BeforeAll
  static void start() {
    SERVER.set(Optional.of(MariaDbServer.startOrSkip()));
  }

  @AfterAll
  static void stop() {
    SERVER.getAndSet(Optional.empty()).ifPresent(MariaDbServer::close);
  }

  @Override
  default MariaDbServer database() {
    return SERVER.get().orElseThrow();
  }
}
