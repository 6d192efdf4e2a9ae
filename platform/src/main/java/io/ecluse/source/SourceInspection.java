package io.ecluse.source;

import java.util.List;
import java.util.Optional;

/**
 * Looks at a production system before anything is read from it. It changes nothing there, and what
 * it asks is bounded: catalogs, and small samples that never leave the system.
 *
 * <p>Implementations are safe for use by several threads.
 */
public interface SourceInspection {
  /**
   * What there is to read, and what of it looks like personal data.
   *
   * @throws io.ecluse.error.EcluseException SOURCE_UNREACHABLE, SOURCE_REFUSED, SOURCE_LOST,
   *     SOURCE_MISSING_STREAM if the schema is not there
   */
  Discovery discover(InspectionListener listener);

  /**
   * Tries everything that an extract will need, one after the other, and tells each as it is known.
   * It ends early when the rest cannot be known. What is wrong is a finding, never an exception.
   *
   * @param wanted the streams that the project names; empty for all that there are
   */
  void check(List<WantedStream> wanted, FindingListener found);

  /** Hears how far a discovery is. */
  interface InspectionListener {
    /**
     * @param what is looked at now
     * @param done of {@code total}, before it
     */
    void looking(String what, int done, int total);
  }

  /**
   * What the project says of a stream.
   *
   * @param primaryKey empty if nothing is said
   * @param cursor the column that tells what is new, for streams read by increments
   */
  record WantedStream(String name, List<String> primaryKey, Optional<String> cursor) {
    public WantedStream {
      primaryKey = List.copyOf(primaryKey);
    }
  }
}
