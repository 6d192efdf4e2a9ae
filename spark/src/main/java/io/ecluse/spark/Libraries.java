package io.ecluse.spark;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.util.DependencyUtils;
import scala.jdk.javaapi.CollectionConverters;

/** The jars that a program needs beside its own. */
final class Libraries {
  private Libraries() {}

  /**
   * Those among its files, and those of its packages with all that they need, which Spark's own
   * resolution brings.
   *
   * @throws JobException NOT_FOUND for a package that no repository has
   */
  static List<String> of(SparkSession spark, Work.Script script) {
    List<String> jars =
        new ArrayList<>(script.files().stream().filter(f -> f.endsWith(".jar")).toList());
    for (String name : script.packages()) {
      try {
        jars.addAll(
            CollectionConverters.asJava(
                DependencyUtils.resolveMavenDependencies(URI.create("ivy://" + name))));
      } catch (RuntimeException e) {
        throw new JobException(
            JobException.Code.NOT_FOUND,
            "The package %s cannot be brought from a Maven repository: %s; look at its name, and at spark.jars.repositories or spark.jars.ivySettings under conf of the cluster"
                .formatted(name, String.valueOf(e.getMessage()).lines().findFirst().orElse("")),
            e);
      }
    }
    return jars;
  }
}
