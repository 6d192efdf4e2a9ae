package io.ecluse.source;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.RowsWanted;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * @param extractId names the batches; unique, and made of letters, digits, dots, dashes and
 *     underscores
 * @param runId the run that wants it
 * @param streams which; empty for all that the source has
 * @param reading whether to read by increments where the project says so
 */
public record ExtractRequest(
    String extractId, String runId, List<String> streams, RowsWanted reading) {
  public ExtractRequest {
    streams = List.copyOf(streams);
    if (!extractId.matches("[A-Za-z0-9._-]+")) {
      throw new IllegalArgumentException("Not an extract id: " + extractId);
    }
  }

  /**
   * The streams that are asked for, of those that a project declares; all of them if none is.
   *
   * @throws EcluseException SOURCE_MISSING_STREAM
   */
  public List<String> wanted(String source, Collection<String> declared) {
    Set<String> missing = new TreeSet<>(streams);
    missing.removeAll(declared);
    if (!missing.isEmpty()) {
      throw ErrorCode.SOURCE_MISSING_STREAM.error(
          "Source %s: there is no stream %s; the project declares %s"
              .formatted(source, String.join(", ", missing), String.join(", ", declared)));
    }
    return streams.isEmpty() ? List.copyOf(declared) : streams.stream().distinct().toList();
  }
}
