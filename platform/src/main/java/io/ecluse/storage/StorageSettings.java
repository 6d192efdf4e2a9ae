package io.ecluse.storage;

import java.nio.file.Path;
import java.util.Optional;

/** How stores are reached. What a location's kind does not need is left out. */
public record StorageSettings(S3 s3, Hdfs hdfs) {
  public static final StorageSettings NONE = new StorageSettings(S3.USUAL, Hdfs.USUAL);

  /**
   * Of {@code s3://}.
   *
   * @param endpoint URL of the store; Amazon's unless said
   * @param region the bucket's; what Amazon's tools would take unless said
   * @param addressing how buckets are named in URLs; by path if an endpoint is said, unless said
   * @param keys who signs; what Amazon's tools would take unless said
   * @param said where a project says all that, as in {@code warehouse.s3}
   */
  public record S3(
      Optional<String> endpoint,
      Optional<String> region,
      Optional<Addressing> addressing,
      Optional<Keys> keys,
      String said) {
    public static final S3 USUAL =
        new S3(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), "s3");

    /** The same, which the project says somewhere else. */
    public S3 saidBy(String key) {
      return new S3(endpoint, region, addressing, keys, key);
    }
  }

  /**
   * The same, which the project says within a section.
   *
   * @param section as {@code warehouse}
   */
  public StorageSettings in(String section) {
    return new StorageSettings(s3.saidBy(section + ".s3"), hdfs);
  }

  /** Where a bucket's name stands in a URL. */
  public enum Addressing {
    PATH,
    HOST
  }

  /** A pair of keys. Never printed. */
  public record Keys(String access, String secret) {
    @Override
    public String toString() {
      return "keys";
    }
  }

  /**
   * Of {@code hdfs://}.
   *
   * @param user in whose name; who runs this process unless said
   * @param config folder with {@code core-site.xml} and {@code hdfs-site.xml}
   */
  public record Hdfs(Optional<String> user, Optional<Path> config) {
    public static final Hdfs USUAL = new Hdfs(Optional.empty(), Optional.empty());
  }
}
