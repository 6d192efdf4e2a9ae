package io.ecluse.project;

import java.util.Optional;

/** How a store elsewhere is reached; what a location does not need is left out. */
public record StoreAccess(S3 s3, Hdfs hdfs) {
  /**
   * A store that speaks S3.
   *
   * @param pathStyle whether a bucket's name stands in the path of URLs
   */
  public record S3(
      Optional<Template> endpoint,
      Optional<Template> region,
      Optional<Boolean> pathStyle,
      Optional<Template> accessKey,
      Optional<Template> secretKey) {}

  /**
   * An HDFS.
   *
   * @param config folder with {@code core-site.xml} and {@code hdfs-site.xml}, seen from the
   *     project's
   */
  public record Hdfs(Optional<Template> user, Optional<String> config) {}

  /**
   * @param entries of a map that may have the keys s3 and hdfs
   */
  static StoreAccess of(Value.Entries entries) {
    Value.Entries s3 = entries.entries("s3");
    Value.Entries hdfs = entries.entries("hdfs");
    return new StoreAccess(
        new S3(
            template(s3, "endpoint"),
            template(s3, "region"),
            s3.value("path_style")
                .filter(Value.Flag.class::isInstance)
                .map(flag -> ((Value.Flag) flag).flag()),
            template(s3, "access_key"),
            template(s3, "secret_key")),
        new Hdfs(template(hdfs, "user"), hdfs.text("config").map(Value.Text::text)));
  }

  private static Optional<Template> template(Value.Entries entries, String key) {
    return entries.text(key).map(text -> new Template(text.text()));
  }
}
