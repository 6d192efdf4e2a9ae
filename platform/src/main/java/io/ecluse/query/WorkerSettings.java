package io.ecluse.query;

import io.ecluse.engine.EngineSettings;
import java.nio.file.Path;

/**
 * What the processes of people's queries may use.
 *
 * @param engine memory, threads and disk for all of them together, and the folder for their files
 * @param program a folder that keeps the engine unpacked
 */
public record WorkerSettings(EngineSettings engine, Path program) {
  /** What a process of Java and DuckDB takes beside the memory of the query. */
  private static final long BESIDE = 288L << 20;

  private static final long STACK = 8L << 20;
  private static final long LEAST = 32L << 20;

  /** Memory for what a query gathers. */
  long share(Lane lane) {
    return Math.max(LEAST, engine.memoryBytes() / lane.parts());
  }

  /** What the operating system lets a process have, whatever it asks for. */
  long most() {
    return share(Lane.LONG) + BESIDE + 2L * engine.threads() * STACK;
  }

  /** Disk for what a query gathers beside its memory. */
  long spill() {
    return engine.spillBytes() / Lane.PROCESSES;
  }
}
