package io.ecluse.storage;

import io.ecluse.error.EcluseException;
import java.io.IOException;
import java.util.Optional;

/** The disk here failed, in the middle of something that a store's client does and may retry. */
final class LocalFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final EcluseException error;

  LocalFailure(String what, IOException e) {
    super(e);
    this.error = LocalErrors.of(what, e);
  }

  /** What it is for people, if that is behind an exception. */
  static Optional<EcluseException> in(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof LocalFailure local) {
        return Optional.of(local.error);
      }
    }
    return Optional.empty();
  }
}
