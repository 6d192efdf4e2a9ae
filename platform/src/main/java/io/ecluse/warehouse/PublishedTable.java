package io.ecluse.warehouse;

import io.ecluse.schema.TableName;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * A table or view that readers see, in a line; made without looking at its files.
 *
 * @param rows of a table; 0 for a view, which has none of its own, nor bytes and files
 * @param updatedAt when its current state was made
 */
public record PublishedTable(
    TableName name,
    Kind kind,
    long rows,
    long bytes,
    long files,
    Instant updatedAt,
    Optional<String> runId) {
  public enum Kind {
    TABLE,
    VIEW;

    /** As commands and the API say it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Rows, if they are known without reading. */
  public Optional<Long> knownRows() {
    return kind == Kind.TABLE ? Optional.of(rows) : Optional.empty();
  }
}
