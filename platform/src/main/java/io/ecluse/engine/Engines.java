package io.ecluse.engine;

import io.ecluse.error.ErrorCode;
import io.ecluse.warehouse.ReadView;
import java.util.Optional;

/** Who does which work, where there are several engines. Safe for use by several threads. */
public interface Engines {
  /** The one in this process, which looks at queries. */
  Engine usual();

  /**
   * The one for a query, and why that one.
   *
   * @throws io.ecluse.error.EcluseException SQL_INVALID; INVALID_PROJECT if what was said of it
   *     cannot be
   */
  Choice choose(Errand errand, String sql, ReadView view);

  /**
   * The one that loads batches, and why that one.
   *
   * @param staging where their files are: a folder of this machine, or a URL
   * @param bytes of the files
   * @param demand what else than reading them needs memory
   */
  default Choice load(Errand errand, String staging, long bytes, Demand demand) {
    return new Choice(usual(), "the usual one", "there is no other", By.DEFAULT);
  }

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
