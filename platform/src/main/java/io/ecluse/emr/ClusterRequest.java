package io.ecluse.emr;

import io.ecluse.emr.ClusterPlan.Fleet;
import io.ecluse.emr.ClusterPlan.Market;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.services.emr.model.Application;
import software.amazon.awssdk.services.emr.model.InstanceFleetConfig;
import software.amazon.awssdk.services.emr.model.InstanceFleetType;
import software.amazon.awssdk.services.emr.model.InstanceTypeConfig;
import software.amazon.awssdk.services.emr.model.JobFlowInstancesConfig;
import software.amazon.awssdk.services.emr.model.RunJobFlowRequest;
import software.amazon.awssdk.services.emr.model.SpotProvisioningAllocationStrategy;
import software.amazon.awssdk.services.emr.model.SpotProvisioningTimeoutAction;
import software.amazon.awssdk.services.emr.model.Tag;

/** A plan as EMR reads it. */
final class ClusterRequest {
  /** How long to look for cheap machines; EMR takes no less than 5. */
  private static final int SPOT_MINUTES = 10;

  private ClusterRequest() {}

  static RunJobFlowRequest of(ClusterPlan plan, ClusterName name) {
    JobFlowInstancesConfig.Builder instances =
        JobFlowInstancesConfig.builder()
            .instanceFleets(
                fleet(InstanceFleetType.MASTER, plan.main()),
                fleet(InstanceFleetType.CORE, plan.workers()))
            .ec2SubnetIds(plan.place().subnets())
            // steps come one after another; that it ends is the policy's matter and ours
            .keepJobFlowAliveWhenNoSteps(true)
            .terminationProtected(false);
    ClusterPlan.Setup setup = plan.place().setup();
    setup
        .groups()
        .ifPresent(
            groups ->
                instances
                    .emrManagedMasterSecurityGroup(groups.main())
                    .emrManagedSlaveSecurityGroup(groups.workers())
                    .serviceAccessSecurityGroup(groups.service().orElse(null)));
    RunJobFlowRequest.Builder request =
        RunJobFlowRequest.builder()
            .name(name.text())
            .releaseLabel(plan.release())
            .applications(
                Application.builder().name("Hadoop").build(),
                Application.builder().name("Spark").build())
            .instances(instances.build())
            .serviceRole(plan.place().serviceRole())
            .jobFlowRole(plan.place().instanceProfile())
            .visibleToAllUsers(true)
            .autoTerminationPolicy(p -> p.idleTimeout(plan.idle().toSeconds()))
            .tags(
                Stream.of(plan.place().tags(), name.tags())
                    .flatMap(t -> t.entrySet().stream())
                    .map(ClusterRequest::tag)
                    .toList());
    plan.logs().ifPresent(request::logUri);
    setup.security().ifPresent(request::securityConfiguration);
    setup
        .bootstrap()
        .ifPresent(
            path ->
                request.bootstrapActions(
                    b -> b.name("bootstrap").scriptBootstrapAction(s -> s.path(path))));
    return request.build();
  }

  private static Tag tag(Map.Entry<String, String> tag) {
    return Tag.builder().key(tag.getKey()).value(tag.getValue()).build();
  }

  private static InstanceFleetConfig fleet(InstanceFleetType type, Fleet fleet) {
    InstanceFleetConfig.Builder config =
        InstanceFleetConfig.builder()
            .instanceFleetType(type)
            .name(type.toString())
            .instanceTypeConfigs(
                fleet.types().stream()
                    .map(t -> InstanceTypeConfig.builder().instanceType(t).weightedCapacity(1))
                    .map(InstanceTypeConfig.Builder::build)
                    .toList());
    if (fleet.market() == Market.ON_DEMAND) {
      return config.targetOnDemandCapacity(fleet.count()).build();
    }
    return config
        .targetSpotCapacity(fleet.count())
        .launchSpecifications(
            l ->
                l.spotSpecification(
                    s ->
                        s.timeoutDurationMinutes(SPOT_MINUTES)
                            .allocationStrategy(
                                SpotProvisioningAllocationStrategy.PRICE_CAPACITY_OPTIMIZED)
                            .timeoutAction(
                                fleet.market() == Market.SPOT_ONLY
                                    ? SpotProvisioningTimeoutAction.TERMINATE_CLUSTER
                                    : SpotProvisioningTimeoutAction.SWITCH_TO_ON_DEMAND)))
        .build();
  }
}
