package io.ecluse.serve;

import io.ecluse.access.AccessTokens;
import io.ecluse.warehouse.Fence;
import io.ecluse.warehouse.OpenJob;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who may write in the catalogs of runs on behalf of an attempt of a task, by tickets that are good
 * in this process alone, as long as the attempt is the current one. Safe for use by several
 * threads.
 */
public final class IcebergWriters {
  private static final int RANDOM_BYTES = 32;

  private final SecureRandom random = new SecureRandom();
  private final Map<String, Writer> writers = new ConcurrentHashMap<>();

  /** Whoever has a ticket: the run whose catalog it opens, and what its commits stand behind. */
  record Writer(String runId, Fence fence, OpenJob job) {}

  /**
   * A bearer token for {@code /iceberg/runs/RUN} of this run, and for what is published. It is a
   * secret. It is to be {@linkplain #end ended}.
   *
   * @param fence which each commit holds, as in {@code attempt::holdPlace}: a commit of an attempt
   *     that was overtaken is refused, and changes nothing
   */
  public String ticket(String runId, Fence fence) {
    return ticket(runId, fence, OpenJob.NONE);
  }

  /** The same for a job. */
  public String ticket(String runId, Fence fence, OpenJob job) {
    byte[] bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    String ticket = "ecluse_w_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    writers.put(AccessTokens.fingerprint(ticket), new Writer(runId, fence, job));
    return ticket;
  }

  /** Makes a ticket worth nothing; again is fine. */
  public void end(String ticket) {
    writers.remove(AccessTokens.fingerprint(ticket));
  }

  /** Who presents a token, if it is a ticket that is good. */
  Optional<Writer> writer(String token) {
    return Optional.ofNullable(writers.get(AccessTokens.fingerprint(token)));
  }
}
