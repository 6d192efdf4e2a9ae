package io.ecluse.engine;

/**
 * The work goes on where its engine runs, and its task need not wait for it: asked for the very
 * same again, the engine goes on with that.
 */
public final class StillElsewhere extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Job.Elsewhere job;

  public StillElsewhere(Job.Elsewhere job) {
    super(job.handle().toString(), null, false, false);
    this.job = job;
  }

  /** Where it is found, and when it is worth a look. */
  public Job.Elsewhere job() {
    return job;
  }
}
