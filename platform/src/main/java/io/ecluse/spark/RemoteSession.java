package io.ecluse.spark;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.spark.RemoteApplications.Application;
import io.ecluse.spark.RemoteApplications.Started;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One application that runs elsewhere, from its start, or from where another process has left it,
 * to its end. One thread sees to it; others only ask it, or tell it that it is not wanted.
 */
public abstract class RemoteSession {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteSession.class);

  private final String cluster;
  private final String name;
  private volatile boolean unwanted;
  private volatile boolean left;
  private volatile Optional<EcluseException> gone = Optional.empty();

  /**
   * @param cluster the name of the one it is on
   * @param name of the application
   */
  protected RemoteSession(String cluster, String name) {
    this.cluster = cluster;
    this.name = name;
  }

  /** Starts it, and sees it to its end; returns why it is gone. */
  protected abstract EcluseException start(Application application);

  /** Sees to its end what another process has started, or was about to; returns why it is gone. */
  protected abstract EcluseException takeUp(Started application);

  /** Takes away what was made for it, however it ended; what fails here the sweep does later. */
  protected void tidy() {}

  /** Lets go of what this process holds. */
  protected void close() {}

  /** It has asked for work. */
  protected void atWork() {}

  /** A page on it, as of lately. */
  protected Optional<String> page() {
    return Optional.empty();
  }

  /** Nobody wants it any more. */
  protected void end() {
    unwanted = true;
  }

  /** This process goes away; the application stays for the next. */
  final void leave() {
    left = true;
  }

  protected final boolean isUnwanted() {
    return unwanted;
  }

  protected final boolean isLeft() {
    return left;
  }

  protected final String cluster() {
    return cluster;
  }

  protected final String name() {
    return name;
  }

  protected final EcluseException lost(String what) {
    return ErrorCode.CLUSTER_LOST.error(
        "The application on cluster %s %s".formatted(cluster, what));
  }

  /** Why it is gone, if it is. */
  final Optional<EcluseException> gone() {
    return gone;
  }

  /** Of what this process leaves it does not know the end. */
  private void gone(EcluseException why) {
    if (!left) {
      gone = Optional.of(why);
    }
  }

  /** Sees to it in this thread. */
  final void attend(Supplier<EcluseException> work) {
    try {
      gone(work.get());
    } catch (EcluseException e) {
      gone(e);
    } catch (RuntimeException e) { // a thread's end: who waits for it must hear
      gone(
          ErrorCode.INTERNAL.error(
              "The application on cluster %s failed by a fault of the platform: %s"
                  .formatted(cluster, e),
              e));
    } finally {
      if (!left) { // else the next process takes it up
        tidied();
      }
      close();
    }
  }

  private void tidied() {
    try {
      tidy();
    } catch (EcluseException e) {
      LOG.warn(
          "What application {} has left on cluster {} could not be taken away, which the sweep will do: {}",
          name,
          cluster,
          e.getMessage());
    }
  }
}
