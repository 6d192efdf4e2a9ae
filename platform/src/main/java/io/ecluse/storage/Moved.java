package io.ecluse.storage;

/** What is kept in a place is not where this process has it: it was taken elsewhere since. */
public final class Moved extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String to;

  public Moved(String to) {
    super("It is in " + to);
    this.to = to;
  }

  /** Where it is now. */
  public String to() {
    return to;
  }
}
