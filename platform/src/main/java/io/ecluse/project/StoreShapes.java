package io.ecluse.project;

import static io.ecluse.project.Shapes.optional;

import io.ecluse.project.Shape.Field;
import io.ecluse.project.Shape.Fields;
import io.ecluse.project.Shape.Rule;
import io.ecluse.project.Shape.Text;
import java.util.List;

/** The shapes of what is said of stores elsewhere. */
final class StoreShapes {
  private static final Shape TEMPLATE = new Text(Format.TEMPLATE);
  private static final Shape SECRET = new Text(Format.SECRET);

  private StoreShapes() {}

  static Field s3() {
    return optional(
        "s3",
        new Fields(
            "s3",
            List.of(
                optional("endpoint", TEMPLATE, "URL of the store; Amazon's unless said."),
                optional(
                    "region", TEMPLATE, "The bucket's region; what AWS tools take unless said."),
                optional(
                    "path_style",
                    new Shape.Flag(),
                    "Whether the bucket stands in the path of URLs; true with an endpoint unless said."),
                optional(
                    "access_key",
                    SECRET,
                    "A reference to the key's id; what AWS tools take unless said."),
                optional("secret_key", SECRET, "A reference to the key's secret.")),
            List.of(
                new Rule.OnlyWith("access_key", List.of("secret_key")),
                new Rule.OnlyWith("secret_key", List.of("access_key")))),
        "How to reach a store of s3://.");
  }

  static Field hdfs() {
    return optional(
        "hdfs",
        new Fields(
            "hdfs",
            List.of(
                optional("user", TEMPLATE, "In whose name; who runs the platform unless said."),
                optional(
                    "config",
                    new Text(Format.LOCATION),
                    "Folder with core-site.xml and hdfs-site.xml, seen from the project's.")),
            List.of()),
        "How to reach the HDFS of hdfs://.");
  }
}
