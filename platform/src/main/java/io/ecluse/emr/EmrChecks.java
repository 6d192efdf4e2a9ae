package io.ecluse.emr;

import io.ecluse.project.SourceCheck;
import io.ecluse.project.Value;
import java.util.Locale;
import java.util.regex.Pattern;

/** What is looked at in the entries of both kinds of clusters of EMR. */
final class EmrChecks {
  /** As Spark takes a name for that of a secret. */
  private static final Pattern SECRET = Pattern.compile("secret|password|token|access[.]?key");

  private EmrChecks() {}

  static void common(SourceCheck cluster) {
    Value.Entries content = cluster.content();
    content
        .text("region")
        .filter(region -> !EmrAccount.isRegion(region.text()))
        .ifPresent(
            region ->
                cluster.error(
                    region.at(),
                    "A region of Amazon is called as eu-west-3, but got '%s'"
                        .formatted(region.text())));
    content
        .text("files")
        .filter(files -> !files.text().startsWith("s3://"))
        .ifPresent(
            files ->
                cluster.error(
                    files.at(),
                    "The cluster's machines read these files from S3, but got '%s'"
                        .formatted(files.text()),
                    "name a folder as s3://bucket/folder"));
    Value.Entries conf = content.entries("conf");
    conf.values().keySet().stream()
        .filter(key -> SECRET.matcher(key.toLowerCase(Locale.ROOT)).find())
        .forEach(
            key ->
                cluster.error(
                    conf.keyAt(key),
                    "'%s' looks like a secret, and whoever may look at the cluster reads what Spark is given"
                        .formatted(key),
                    "let the cluster's machines have the right by their role"));
  }
}
