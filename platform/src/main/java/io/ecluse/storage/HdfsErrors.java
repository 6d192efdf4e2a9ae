package io.ecluse.storage;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.hdfs.BlockMissingException;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.protocol.QuotaExceededException;
import org.apache.hadoop.hdfs.server.namenode.SafeModeException;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.ipc.StandbyException;
import org.apache.hadoop.security.AccessControlException;

/** What HDFS says, in words for people, after trying again where that may help. */
final class HdfsErrors {
  /** With growing pauses between them these take some five seconds. */
  private static final int MOST_TRIES = 6;

  private static final long FIRST_PAUSE_MILLIS = 100;

  private final URI server;

  HdfsErrors(URI server) {
    this.server = server;
  }

  /** Something done with HDFS, from its beginning each time it is tried. */
  interface Work<T> {
    T on(DistributedFileSystem hdfs) throws IOException;
  }

  /** One try. */
  interface Try<T> {
    T run() throws IOException;
  }

  <T> T retried(String what, Try<T> attempt) {
    for (int tries = 1; ; tries++) {
      try {
        return attempt.run();
      } catch (LocalFailure e) {
        throw LocalFailure.in(e).orElseThrow();
      } catch (InterruptedIOException | ClosedByInterruptException e) {
        if (Thread.currentThread().isInterrupted() || e instanceof ClosedByInterruptException) {
          throw ErrorCode.CANCELLED.error("Could not %s: it was interrupted".formatted(what), e);
        }
        if (tries == MOST_TRIES) {
          throw of(what, e); // a time-out has this name, too
        }
        pause(what, tries);
      } catch (IOException e) {
        IOException cause = unwrapped(e);
        if (tries == MOST_TRIES || !mayPass(cause)) {
          throw of(what, cause);
        }
        pause(what, tries);
      }
    }
  }

  private void pause(String what, int tries) {
    long longest = FIRST_PAUSE_MILLIS << tries;
    try {
      TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(longest / 2, longest));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ErrorCode.CANCELLED.error("Could not %s: it was interrupted".formatted(what), e);
    }
  }

  private static IOException unwrapped(IOException e) {
    return e instanceof RemoteException remote
        ? remote.unwrapRemoteException(
            AccessControlException.class,
            QuotaExceededException.class,
            SafeModeException.class,
            StandbyException.class,
            FileNotFoundException.class)
        : e;
  }

  private static boolean mayPass(IOException e) {
    return !(e instanceof AccessControlException
        || e instanceof QuotaExceededException
        || e instanceof UnknownHostException
        || e instanceof FileNotFoundException
        || e instanceof SafeModeException // it lasts longer than we may wait
        || e instanceof ChecksumException
        || e instanceof BlockMissingException
        || e instanceof java.nio.file.FileSystemException);
  }

  EcluseException of(String what, IOException e) {
    if (e instanceof java.nio.file.FileSystemException) {
      return LocalErrors.of(what, e);
    }
    if (e instanceof AccessControlException) {
      return error(
          ErrorCode.STORAGE_REFUSED,
          what,
          "it is not allowed (%s); set hdfs.user, or give that user the right"
              .formatted(firstLine(e)),
          e);
    }
    if (e instanceof QuotaExceededException) {
      return error(
          ErrorCode.STORAGE_REFUSED, what, "its quota is used up (%s)".formatted(firstLine(e)), e);
    }
    if (e instanceof SafeModeException) {
      return error(
          ErrorCode.STORAGE_UNREACHABLE,
          what,
          "it is in safe mode, in which it can only be read; wait until it has all its blocks, or: hdfs dfsadmin -safemode leave",
          e);
    }
    if (e instanceof StandbyException) {
      return error(
          ErrorCode.STORAGE_UNREACHABLE,
          what,
          "this namenode stands by for another; name the service in location and set hdfs.config",
          e);
    }
    if (e instanceof ChecksumException || e instanceof BlockMissingException) {
      return error(
          ErrorCode.STORAGE_UNREACHABLE,
          what,
          "no datanode that answers has all of it as it was written (%s); hdfs fsck says more"
              .formatted(firstLine(e)),
          e);
    }
    if (e instanceof UnknownHostException) {
      return error(
          ErrorCode.STORAGE_UNREACHABLE,
          what,
          "the host has no address; is location right, or, for a service of several namenodes, hdfs.config?",
          e);
    }
    return error(
        ErrorCode.STORAGE_UNREACHABLE,
        what,
        "it cannot be reached or cannot do it (%s); are namenode and datanodes up, and is location right?"
            .formatted(firstLine(root(e))),
        e);
  }

  /** Hadoop puts connections that failed into sentences of its own. */
  private static Throwable root(Throwable e) {
    return e.getCause() == null ? e : root(e.getCause());
  }

  private EcluseException error(ErrorCode code, String what, String reason, IOException e) {
    return new EcluseException(
        code, "Could not %s: HDFS at %s: %s".formatted(what, server, reason), e);
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.getClass().getSimpleName());
  }
}
