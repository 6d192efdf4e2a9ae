package io.ecluse.spark;

/** Says to people what went wrong and where. The only exception that leaves this package. */
public final class TransformException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TransformException(String message) {
    super(message);
  }

  TransformException(String message, Throwable cause) {
    super(message, cause);
  }
}
