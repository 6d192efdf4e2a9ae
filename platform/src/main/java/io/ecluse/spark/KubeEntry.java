package io.ecluse.spark;

import io.ecluse.project.Settings;
import io.ecluse.project.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an entry of type {@code kubernetes} under {@code clusters} says.
 *
 * @param project the project's folder, which files are named from
 */
record KubeEntry(Settings.Cluster cluster, Path project) {
  static final String MASTER = "master";
  static final String SCHEME = "k8s://";

  /** Spark's word for the secret that the driver has its token from. */
  static final String SECRET = "spark.kubernetes.driver.secretKeyRef.ECLUSE_JOB_TOKEN";

  /** Where a pod finds its own account. */
  private static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  static final String KEYS =
      """
      master!: words  Address of the cluster's API server, as k8s://https://10.0.0.5:6443.
      image!: words  An image with Spark 4.1 for Scala 2.13 and Java 17, as apache/spark:4.1.1-scala2.13-java17-ubuntu.
      namespace: words  Where pods are made; default unless said.
      service_account: words  The account of the driver, which makes pods; default unless said.
      token_file: words  A file with the token of who submits; read anew each time. That of this pod unless said.
      ca_file: words  A file with the certificate that the API server's is checked by. That of this pod unless said.
      address!: words  By which name or address pods reach this machine.
      listen: words  At which address of this machine its door is, if that is another; 0.0.0.0 for all.
      driver_cores: words  Processors of the driver, as 1 or 500m; 1 unless said.
      executors: 1..100000  How many executors; 2 unless said.
      executor_cores: 1..1024  Processors of an executor; 1 unless said.
      executor_memory: size  Memory of an executor; 1GB unless said.
      pod_template: words  A file of the project with what pods have beside this, as Kubernetes writes a pod.
      """;

  private Value.Entries content() {
    return cluster.content();
  }

  /** Of the API server. */
  String url() {
    return content().text(MASTER, "").substring(SCHEME.length()).replaceFirst("/+$", "");
  }

  String namespace() {
    return content().text("namespace", "default");
  }

  Optional<Path> tokenFile() {
    return file("token_file", "token");
  }

  Optional<Path> caFile() {
    return file("ca_file", "ca.crt");
  }

  private Optional<Path> file(String key, String ofPod) {
    return content()
        .word(key)
        .map(project::resolve)
        .or(() -> Optional.of(ACCOUNT.resolve(ofPod)).filter(Files::isRegularFile));
  }

  /** Spark's configuration for its pods. */
  Map<String, String> conf() {
    Map<String, String> conf = new LinkedHashMap<>();
    conf.put("spark.kubernetes.namespace", namespace());
    conf.put("spark.kubernetes.container.image", content().text("image", ""));
    conf.put(
        "spark.kubernetes.authenticate.driver.serviceAccountName",
        content().text("service_account", "default"));
    conf.put("spark.kubernetes.driver.request.cores", content().text("driver_cores", "1"));
    put(conf, "executors", "spark.executor.instances");
    put(conf, "executor_cores", "spark.executor.cores");
    content()
        .bytes("executor_memory")
        .ifPresent(b -> conf.put("spark.executor.memory", ClusterKeys.megabytes(b)));
    return conf;
  }

  private void put(Map<String, String> conf, String key, String name) {
    content().number(key).ifPresent(n -> conf.put(name, String.valueOf(n.intValue())));
  }

  /** The token of who submits, as it is now, without a line's end. */
  Optional<String> token() throws IOException {
    Optional<Path> file = tokenFile();
    return file.isPresent() ? Optional.of(Files.readString(file.get()).strip()) : Optional.empty();
  }

  /**
   * Spark's configuration for who submits.
   *
   * @param token a file with the token, which Spark takes with its line's end
   */
  Map<String, String> submission(Path token) {
    Map<String, String> conf = new LinkedHashMap<>();
    String authenticate = "spark.kubernetes.authenticate.submission.";
    tokenFile().ifPresent(file -> conf.put(authenticate + "oauthTokenFile", token.toString()));
    caFile().ifPresent(file -> conf.put(authenticate + "caCertFile", file.toString()));
    content()
        .word("pod_template")
        .map(project::resolve)
        .ifPresent(
            file -> {
              conf.put("spark.kubernetes.driver.podTemplateFile", file.toString());
              conf.put("spark.kubernetes.executor.podTemplateFile", file.toString());
            });
    return conf;
  }
}
