package io.ecluse.source;

import io.ecluse.schema.RowsWanted;
import java.util.List;

/**
 * @param extractId names the batches; unique, and made of letters, digits, dots, dashes and
 *     underscores
 * @param runId the run that wants it
 * @param streams which; empty for all that the source has
 * @param reading whether to read by increments where the project says so
 */
public record ExtractRequest(
    String extractId, String runId, List<String> streams, RowsWanted reading) {
  public ExtractRequest(String extractId, String runId, List<String> streams) {
    this(extractId, runId, streams, RowsWanted.AS_PLANNED);
  }

  public ExtractRequest {
    streams = List.copyOf(streams);
    if (!extractId.matches("[A-Za-z0-9._-]+")) {
      throw new IllegalArgumentException("Not an extract id: " + extractId);
    }
  }
}
