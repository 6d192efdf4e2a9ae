package io.ecluse.emr;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A cluster that is made for work and ended after it.
 *
 * @param release of EMR, as {@code emr-7.13.0}
 * @param main the machine that is in charge
 * @param workers the machines that work
 * @param place whose it is, and where
 * @param logs where EMR puts logs, as {@code s3://bucket/folder}
 * @param idle after what time without work it ends by itself, whoever has forgotten it
 */
public record ClusterPlan(
    String release, Fleet main, Fleet workers, Place place, Optional<String> logs, Duration idle) {
  private static final Duration LEAST_IDLE = Duration.ofMinutes(1);
  private static final Duration MOST_IDLE = Duration.ofDays(7);

  public ClusterPlan {
    if (!release.matches("emr-[a-z0-9.-]+")) {
      throw new IllegalArgumentException("No release of EMR: " + release);
    }
    if (idle.compareTo(LEAST_IDLE) < 0 || idle.compareTo(MOST_IDLE) > 0) {
      throw new IllegalArgumentException("EMR takes 1m to 7d for idle, not " + idle);
    }
    if (main.count() != 1 || main.market() != Market.ON_DEMAND) {
      throw new IllegalArgumentException("One machine is in charge, and it is not taken away");
    }
  }

  /**
   * Machines that are alike enough.
   *
   * @param types of instances, any of which will do
   * @param count how many
   */
  public record Fleet(List<String> types, int count, Market market) {
    public Fleet {
      types = List.copyOf(types);
      if (types.isEmpty() || count < 1) {
        throw new IllegalArgumentException("A fleet has machines: " + types + " " + count);
      }
    }
  }

  /** On what terms machines are had. */
  public enum Market {
    ON_DEMAND,
    /** What is cheap for it may be taken away; on demand if there is none to be had. */
    SPOT_ELSE_ON_DEMAND,
    /** Rather no cluster than one that costs more. */
    SPOT_ONLY
  }

  /**
   * @param serviceRole what EMR may do
   * @param instanceProfile what the machines may do
   * @param subnets one of which EMR takes; the account's default unless said
   * @param tags beside ours, as for whoever reads bills
   * @param setup how the machines come up, and who may talk to them
   */
  public record Place(
      String serviceRole,
      String instanceProfile,
      List<String> subnets,
      Map<String, String> tags,
      Setup setup) {
    public static final Place USUAL =
        new Place("EMR_DefaultRole", "EMR_EC2_DefaultRole", List.of(), Map.of(), Setup.USUAL);

    public Place {
      subnets = List.copyOf(subnets);
      tags = Map.copyOf(tags);
    }
  }

  /**
   * @param groups security groups of the machines; EMR makes its own unless said, and leaves them
   *     in the network
   * @param security name of a security configuration, which EMR keeps
   * @param bootstrap a script on S3 that each machine runs as it comes up
   */
  public record Setup(
      Optional<Groups> groups, Optional<String> security, Optional<String> bootstrap) {
    public static final Setup USUAL =
        new Setup(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * @param main of the machine in charge
   * @param workers of the others
   * @param service by which EMR reaches machines in a private subnet
   */
  public record Groups(String main, String workers, Optional<String> service) {}
}
