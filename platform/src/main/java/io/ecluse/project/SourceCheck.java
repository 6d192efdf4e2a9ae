package io.ecluse.project;

/** A file of a source, for the kind that checks more than its shape. */
public final class SourceCheck {
  private final Value.Entries content;
  private final Problems.OfFile problems;

  SourceCheck(Value.Entries content, Problems.OfFile problems) {
    this.content = content;
    this.problems = problems;
  }

  public Value.Entries content() {
    return content;
  }

  public void error(Position at, String message) {
    problems.error(at, message);
  }

  public void error(Position at, String message, String hint) {
    problems.error(at, message, hint);
  }
}
