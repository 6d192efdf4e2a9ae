package io.ecluse.emr;

import io.ecluse.emr.ClusterPlan.Fleet;
import io.ecluse.emr.ClusterPlan.Market;
import io.ecluse.project.Settings;
import io.ecluse.project.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an entry of type {@code emr} under {@code clusters} says. */
record EmrEntry(Settings.Cluster cluster) {
  static final String TRANSIENT = "transient";
  static final String CLUSTER_ID = "cluster_id";
  static final String RELEASE = "release";
  static final String SPARK_HOME = "spark_home";
  static final String MAIN_GROUP = "main_group";
  static final String WORKERS_GROUP = "workers_group";

  /**
   * In a clone of a cluster's console, and the like, there is no telling how long a start takes.
   */
  private static final Duration DEFAULT_LEFT = Duration.ofMinutes(15);

  private static final int DEFAULT_COUNT = 2;
  private static final String DEFAULT_MAIN = "m5.xlarge";

  static final String KEYS =
      """
      region!: words  Where, in Amazon's words, as eu-west-3.
      cluster_id: words  A cluster that is there, as j-2AXXXXXXGAPLF. It is never ended.
      transient: {a cluster that is made when there is work and ended after it}  Instead of cluster_id: one that is made when there is work and ended after it.
        release!: words  EMR's release, as emr-7.13.0.
        main: words  The type of the machine in charge; m5.xlarge unless said.
        workers!: [words]+  Types of machines that work, any of which will do.
        count: 1..1000  How many; 2 unless said.
        market: on_demand|spot_else_on_demand|spot_only  On what terms; spot_else_on_demand unless said.
        subnets: [words]  Subnets, one of which EMR takes.
        service_role: words  What EMR may do; EMR_DefaultRole unless said.
        instance_profile: words  What the machines may do; EMR_EC2_DefaultRole unless said.
        tags: map words any  Tags, as for whoever reads bills.
        main_group: words  The security group of the machine in charge, and workers_group beside it; EMR makes its own unless said, and leaves them in the network.
        workers_group: words  The security group of the machines that work.
        service_group: words  The security group by which EMR reaches machines in private subnets.
        security_configuration: words  The name of a security configuration that EMR keeps, as for encryption.
        bootstrap: store  A script on S3 that each machine runs as it comes up, as s3://bucket/install.
        left: duration  After what time without work it ends by itself, whoever has forgotten it; 15m unless said, 1m at least.
      files!: store  A folder on S3 for the platform's jars and, for minutes, secrets of applications; for the platform and the cluster's machines alone.
      log_uri: store  Where EMR puts logs; without it, why a step failed is hard to tell.
      address!: words  By which name or address the cluster's machines reach this one.
      spark_home: words  Where Spark is on the cluster's machines, if not EMR's own is to be used.
      executors: 1..100000  How many executors; 2 unless said.
      executor_cores: 1..1024  Processors of an executor; 1 unless said.
      executor_memory: size  Memory of an executor; 1GB unless said.
      prices: path  A file of the project with prices: region,type,machine,emr.
      endpoint: words  Where EMR answers, if not at Amazon's usual address.
      """;

  private Value.Entries content() {
    return cluster.content();
  }

  EmrAccount account() {
    return new EmrAccount(
        content().text("region", ""), content().word("endpoint"), Optional.empty());
  }

  Optional<String> clusterId() {
    return content().word(CLUSTER_ID);
  }

  String files() {
    return content().text("files", "");
  }

  Optional<String> sparkHome() {
    return content().word(SPARK_HOME);
  }

  /** What is made, where there is no cluster yet. */
  ClusterPlan plan() {
    Value.Entries said = content().entries(TRANSIENT);
    Map<String, String> tags = new LinkedHashMap<>();
    Value.Entries own = said.entries("tags");
    own.values().keySet().forEach(name -> tags.put(name, own.text(name, "")));
    ClusterPlan.Place usual = ClusterPlan.Place.USUAL;
    return new ClusterPlan(
        said.text(RELEASE, ""),
        new Fleet(List.of(said.text("main", DEFAULT_MAIN)), 1, Market.ON_DEMAND),
        new Fleet(
            texts(said, "workers"),
            said.whole("count").orElse(DEFAULT_COUNT),
            said.choice("market", Market.SPOT_ELSE_ON_DEMAND)),
        new ClusterPlan.Place(
            said.text("service_role", usual.serviceRole()),
            said.text("instance_profile", usual.instanceProfile()),
            texts(said, "subnets"),
            tags,
            setup(said)),
        content().word("log_uri"),
        said.duration("left", DEFAULT_LEFT));
  }

  private static ClusterPlan.Setup setup(Value.Entries said) {
    return new ClusterPlan.Setup(
        said.word(MAIN_GROUP)
            .map(
                main ->
                    new ClusterPlan.Groups(
                        main, said.text(WORKERS_GROUP, ""), said.word("service_group"))),
        said.word("security_configuration"),
        said.word("bootstrap"));
  }

  private static List<String> texts(Value.Entries said, String key) {
    return said.items(key).texts().stream().map(Value.Text::text).toList();
  }

  /** Spark's configuration for its executors. */
  Map<String, String> conf() {
    Map<String, String> conf = new LinkedHashMap<>();
    content()
        .whole("executors")
        .ifPresent(n -> conf.put("spark.executor.instances", String.valueOf(n)));
    content()
        .whole("executor_cores")
        .ifPresent(n -> conf.put("spark.executor.cores", String.valueOf(n)));
    content()
        .bytes("executor_memory")
        .ifPresent(b -> conf.put("spark.executor.memory", Math.max(1, b >> 20) + "m"));
    return conf;
  }

  /** What it costs, by the project's prices if it has any. */
  Costs costs(Path project) {
    Prices prices =
        content()
            .word("prices")
            .map(file -> Prices.of(project.resolve(file)))
            .orElseGet(Prices::builtIn);
    return new Costs(prices, account().region());
  }
}
