package io.ecluse.warehouse;

import io.ecluse.schema.TableName;
import java.time.Instant;
import java.util.Optional;

/**
 * A table that readers see, in a line; made without looking at its files.
 *
 * @param updatedAt when its current snapshot was published
 */
public record PublishedTable(
    TableName name, long rows, long bytes, long files, Instant updatedAt, Optional<String> runId) {}
