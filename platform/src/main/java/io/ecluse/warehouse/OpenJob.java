package io.ecluse.warehouse;

import java.util.Map;
import java.util.Optional;

/**
 * What a job elsewhere has of its own in the catalog of its run.
 *
 * @param marks snapshot properties of all that it commits
 * @param moment of what is published, as it reads that; empty for now
 */
public record OpenJob(Map<String, String> marks, Optional<Moment> moment) {
  /** Of whoever is no job. */
  public static final OpenJob NONE = new OpenJob(Map.of(), Optional.empty());

  public OpenJob {
    marks = Map.copyOf(marks);
  }
}
