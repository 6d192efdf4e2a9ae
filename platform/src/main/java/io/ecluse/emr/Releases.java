package io.ecluse.emr;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.spark.SparkVersions;
import java.util.Optional;
import software.amazon.awssdk.services.emr.EmrClient;
import software.amazon.awssdk.services.emr.model.SimplifiedApplication;

/**
 * Which Spark a release of EMR has. A list that is built in, and dated, says it while files are
 * checked; before a cluster is made EMR says it itself.
 */
final class Releases {
  private static final String LIST = "releases.csv";

  private final EmrCalls<EmrClient> calls;

  Releases(EmrCalls<EmrClient> calls) {
    this.calls = calls;
  }

  /** The version that the list has for a release. */
  static Optional<String> listed(String release) {
    return Lists.builtIn(LIST).stream()
        .filter(line -> line.get(0).equals(release))
        .map(line -> line.get(1))
        .findFirst();
  }

  /** Whether an application of ours runs on a version. */
  static boolean fits(String version) {
    return version.startsWith(SparkVersions.LINE);
  }

  /** What to say of a release that does not fit. */
  static String unfit(String release, String version) {
    return "%s has Spark %s, but the platform's application needs %sx"
        .formatted(release, version, SparkVersions.LINE);
  }

  static final String ADVICE =
      "name a release with such a Spark, or put one on the cluster's machines and say where as spark_home";

  /**
   * Asks EMR.
   *
   * @throws EcluseException SPARK_UNFIT if the release has another Spark, or none
   */
  void require(String release) {
    String version =
        calls
            .ask(
                "ask for the versions of " + release,
                emr -> emr.describeReleaseLabel(r -> r.releaseLabel(release)))
            .applications()
            .stream()
            .filter(a -> "Spark".equalsIgnoreCase(a.name()))
            .map(SimplifiedApplication::version)
            .findFirst()
            .orElse("none");
    require(release, version);
  }

  /** As {@link #require(String)}, for what is known. */
  static void require(String release, String version) {
    if (!fits(version)) {
      throw ErrorCode.SPARK_UNFIT.error(unfit(release, version) + "; " + ADVICE);
    }
  }
}
