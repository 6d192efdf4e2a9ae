package io.ecluse.source;

import io.ecluse.project.SourceForm;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A kind of source: what its files say, how one is opened, looked at, and named on a command line.
 * One package has all of it, and nobody else knows the kind. Stateless.
 */
public interface SourceType extends SourceForm {
  /**
   * A source, connected to nothing yet.
   *
   * @throws io.ecluse.error.EcluseException SECRET_MISSING; INVALID_PROJECT if a value resolves to
   *     none that is possible
   */
  Source open(Declared source, SourceTools tools);

  /**
   * What looks at a source. Without more, it is asked for its streams.
   *
   * @param tools for the time of the look
   * @param scratch a folder for that time
   */
  default SourceInspection inspection(Declared source, SourceTools tools, Path scratch) {
    return new StreamsInspection(open(source, tools));
  }

  /** How one is named that no file has yet; empty if only a file can say it. */
  default Optional<SourceNaming> naming() {
    return Optional.empty();
  }

  /** Whether rows that cannot land are left out, and can be read again. */
  default boolean leavesRowsOut() {
    return false;
  }
}
