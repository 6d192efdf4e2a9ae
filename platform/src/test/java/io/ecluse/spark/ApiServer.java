package io.ecluse.spark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** An API server of Kubernetes for tests: a real one, if there is one, else one of our own. */
interface ApiServer extends AutoCloseable {
  /** Names the folder of a real one: url, ca.crt, and tokens by who has them. */
  String VARIABLE = "ECLUSE_TEST_KUBERNETES";

  static ApiServer start(Path folder) throws IOException {
    String real = System.getenv(VARIABLE);
    return real == null ? new KubeServer(folder) : new RealApiServer(Path.of(real));
  }

  String url();

  String namespace();

  /** A file with the token of somebody: kubelet, platform, stranger. */
  Path token(String who);

  /** What its certificate is checked by, if it has one. */
  Optional<Path> ca();

  /** What there is of a kind in the namespace, made by the platform. */
  default List<String> names(String kind) {
    return new KubeApi(Kubelet.entry(this, "kubelet"))
        .list(kind, PodName.OWNER).stream()
            .map(o -> o.path("metadata").path("name").asString(""))
            .toList();
  }

  @Override
  void close();
}
