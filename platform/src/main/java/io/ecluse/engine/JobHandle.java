package io.ecluse.engine;

/**
 * By what a job is found again that goes on elsewhere: a value to be stored, and to be handed to
 * {@link Engine#resume} by this process or one that comes after it. Holds no secret.
 *
 * @param engine whose job it is, without a colon
 * @param id which the engine alone understands
 */
public record JobHandle(String engine, String id) {
  public JobHandle {
    if (engine.isBlank() || engine.contains(":") || id.isBlank()) {
      throw new IllegalArgumentException(
          "A job has an engine and an id, but these are '%s' and '%s'".formatted(engine, id));
    }
  }

  /** What {@link #toString} wrote. */
  public static JobHandle parse(String text) {
    int colon = text.indexOf(':');
    return new JobHandle(text.substring(0, Math.max(0, colon)), text.substring(colon + 1));
  }

  @Override
  public String toString() {
    return engine + ":" + id;
  }
}
