package io.ecluse.emr;

import io.ecluse.storage.StorageSettings;
import java.util.Optional;

/**
 * Where EMR is and who asks it.
 *
 * @param region Amazon's word for it, as {@code eu-west-3}
 * @param endpoint URL of the service; the region's own unless said
 * @param keys who signs; what Amazon's tools would take unless said
 */
public record EmrAccount(
    String region, Optional<String> endpoint, Optional<StorageSettings.Keys> keys) {
  public EmrAccount {
    if (!region.matches("[a-z0-9-]{2,32}")) {
      throw new IllegalArgumentException("No region of Amazon: " + region);
    }
  }
}
