package io.ecluse.warehouse;

/** The tables are not where this process has them: they were taken elsewhere since. */
final class Moved extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String to;

  Moved(String to) {
    super("The tables are in " + to);
    this.to = to;
  }

  /** Where they are now. */
  String to() {
    return to;
  }
}
