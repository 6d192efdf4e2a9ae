package io.ecluse.source;

import io.ecluse.staging.BatchManifest;
import java.util.List;

/**
 * One production system that can be read. An extract disturbs it as little as it can: read-only,
 * one short-lived snapshot, a bounded number of connections.
 *
 * <p>Implementations are safe for use by several threads.
 */
public interface Source {
  /** The name, which is also the warehouse schema of what is loaded from it. */
  String name();

  /**
   * The streams that can be read, by name.
   *
   * @throws io.ecluse.error.EcluseException SOURCE_UNREACHABLE, SOURCE_REFUSED
   */
  List<StreamDescription> streams();

  /**
   * Reads streams as of one moment and leaves a batch of each in staging. Either all batches come
   * to exist, or none.
   *
   * @throws io.ecluse.error.EcluseException SOURCE_UNREACHABLE, SOURCE_REFUSED,
   *     SOURCE_MISSING_STREAM, SOURCE_LOST, SOURCE_CHANGED, DISK_FULL, CANCELLED
   */
  List<BatchManifest> extract(ExtractRequest request, ExtractListener listener);
}
