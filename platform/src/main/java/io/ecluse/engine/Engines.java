package io.ecluse.engine;

import io.ecluse.error.ErrorCode;
import io.ecluse.warehouse.ReadView;
import java.util.Optional;

/** Who does which work, where there are several engines. Safe for use by several threads. */
public interface Engines {
  /** The one in this process, which looks at queries and loads what comes from sources. */
  Engine usual();

  /**
   * The one for a query, and why that one.
   *
   * @throws io.ecluse.error.EcluseException SQL_INVALID; INVALID_PROJECT if what was said of it
   *     cannot be
   */
  Choice choose(Errand errand, String sql, ReadView view);

  /** The one whose job this is. */
  Engine holding(JobHandle job, Errand errand);

  /**
   * Runs a program, or looks again at one that runs.
   *
   * @param handle of the job that runs it, if there is one
   * @throws io.ecluse.error.EcluseException SQL_INVALID, NOT_FOUND, INVALID_USAGE, OUT_OF_MEMORY,
   *     CANCELLED; INVALID_PROJECT if no engine runs programs
   */
  default Job run(Errand errand, Program program, Optional<JobHandle> handle) {
    throw ErrorCode.INVALID_PROJECT.error(
        "Programs need Spark, which there is none of here; make it a model, or take this task out");
  }

  /**
   * An engine that was chosen.
   *
   * @param engine which was chosen
   * @param name of the engine
   * @param why for people
   * @param by what decided
   */
  record Choice(Engine engine, String name, String why, By by) {}

  /** What an engine is chosen by. */
  enum By {
    /** There was nothing to choose. */
    DEFAULT,
    /** Somebody said which. */
    WORD,
    /** What the query needs. */
    NEED
  }

  /** This one, for everything. */
  static Engines only(Engine engine) {
    return new Engines() {
      @Override
      public Engine usual() {
        return engine;
      }

      @Override
      public Choice choose(Errand errand, String sql, ReadView view) {
        return new Choice(engine, "the only one", "there is no other", By.DEFAULT);
      }

      @Override
      public Engine holding(JobHandle job, Errand errand) {
        return engine;
      }
    };
  }
}
