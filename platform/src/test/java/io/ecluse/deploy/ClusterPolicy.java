package io.ecluse.deploy;

import io.ecluse.deploy.Manifests.Node;
import io.ecluse.deploy.Manifests.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What a security officer would not let onto a cluster; each finding is a sentence. */
final class ClusterPolicy {
  private static final Pattern PASSWORD_IN_URL =
      Pattern.compile("://[^/@\\s:]+:(?!\\$\\{)[^/@\\s]+@");
  private static final Pattern SECRET_NAME =
      Pattern.compile("(?i).*(password|passwd|secret|token|credential|access_?key|private_?key).*");
  private static final Set<String> DANGEROUS_VERBS = Set.of("*", "escalate", "bind", "impersonate");
  private static final Set<String> DANGEROUS_RESOURCES =
      Set.of("*", "pods/exec", "pods/attach", "nodes", "serviceaccounts/token");

  private final Manifests manifests;
  private final List<String> findings = new ArrayList<>();

  private ClusterPolicy(Manifests manifests) {
    this.manifests = manifests;
  }

  /** What is wrong with objects; empty if nothing is. */
  static List<String> findings(Manifests manifests) {
    ClusterPolicy policy = new ClusterPolicy(manifests);
    manifests.workloads().forEach(policy::workload);
    manifests.objects().forEach(policy::secrets);
    manifests.kind("Role").forEach(policy::role);
    manifests.kind("NetworkPolicy").forEach(policy::network);
    for (String kind : List.of("ClusterRole", "ClusterRoleBinding")) {
      manifests.kind(kind).forEach(o -> policy.find("%s for the whole cluster", name(o)));
    }
    manifests.kind("Deployment").forEach(policy::disruption);
    manifests.kind("Ingress").forEach(policy::tls);
    return policy.findings;
  }

  private void find(String sentence, Object... words) {
    findings.add(sentence.formatted(words));
  }

  private static String name(Node object) {
    return object.at("kind").text() + " " + object.at("metadata.name").text();
  }

  private void require(Node node, String path, String wanted, String where) {
    if (!node.at(path).text().equals(wanted)) {
      find("%s: %s is '%s', not %s", where, path, node.at(path).text(), wanted);
    }
  }

  private void workload(Workload workload) {
    Node spec = workload.template().at("spec");
    String name = workload.kind() + " " + workload.name();
    pod(spec, name);
    for (Node container : workload.containers()) {
      String where = name + ", container " + container.at("name").text();
      security(container.at("securityContext"), where);
      amounts(container, where);
      image(container.at("image").text(), where);
      container.at("env").each().forEach(e -> variable(e, where));
      if (workload.kind().equals("Deployment")) {
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
          if (!container.at(probe).isThere()) {
            find("%s: no %s", where, probe);
          }
        }
      }
    }
    closed(workload, name);
  }

  private void pod(Node spec, String name) {
    Node security = spec.at("securityContext");
    require(security, "runAsNonRoot", "true", name);
    require(security, "seccompProfile.type", "RuntimeDefault", name);
    if (!security.at("runAsUser").text().matches("[1-9][0-9]*")) {
      find("%s: runs as user '%s'", name, security.at("runAsUser").text());
    }
    if (security.at("fsGroup").isThere()) { // else each start opens files to the group again
      require(security, "fsGroupChangePolicy", "OnRootMismatch", name);
    }
    for (String host : List.of("hostNetwork", "hostPID", "hostIPC")) {
      if (spec.at(host).text().equals("true")) {
        find("%s: %s", name, host);
      }
    }
    spec.at("volumes").each().stream()
        .filter(v -> v.at("hostPath").isThere())
        .forEach(v -> find("%s: a folder of the node, %s", name, v.at("hostPath.path").text()));
    boolean token = !spec.at("automountServiceAccountToken").text().equals("false");
    if (token && !isBound(spec.at("serviceAccountName").text())) {
      find("%s: a token of an account that may do nothing", name);
    }
  }

  private boolean isBound(String account) {
    return manifests.kind("RoleBinding").stream()
        .flatMap(b -> b.at("subjects").each().stream())
        .anyMatch(s -> s.at("name").text().equals(account));
  }

  private void security(Node context, String where) {
    require(context, "allowPrivilegeEscalation", "false", where);
    require(context, "readOnlyRootFilesystem", "true", where);
    require(context, "capabilities.drop", "[ALL]", where);
    if (context.at("capabilities.add").isThere()
        || context.at("privileged").text().equals("true")) {
      find("%s: more rights than a program needs", where);
    }
  }

  private void amounts(Node container, String where) {
    for (String path : List.of("requests.cpu", "requests.memory", "limits.cpu", "limits.memory")) {
      if (!container.at("resources." + path).isThere()) {
        find("%s: no resources.%s", where, path);
      }
    }
  }

  private void image(String image, String where) {
    String name = image.replaceFirst("@sha256:[0-9a-f]{64}$", "");
    boolean pinned = !name.equals(image) || name.matches(".*:[^:/]+");
    if (!pinned || name.endsWith(":latest")) {
      find("%s: the image %s may be another one tomorrow", where, image);
    }
  }

  private void variable(Node variable, String where) {
    String value = variable.at("value").text();
    String name = variable.at("name").text();
    boolean refers = value.isEmpty() || value.startsWith("/") || value.startsWith("${secret:");
    if (SECRET_NAME.matcher(name).matches() && !refers) {
      find("%s: the secret %s in plain text", where, name);
    }
  }

  private void secrets(Node object) {
    if (object.at("kind").text().equals("Secret")) {
      find("%s: its values would be in the release", name(object));
    }
    object
        .texts()
        .filter(t -> PASSWORD_IN_URL.matcher(t).find())
        .forEach(t -> find("%s: a password in a URL", name(object)));
  }

  private void role(Node role) {
    for (Node rule : role.at("rules").each()) {
      for (String key : List.of("verbs", "resources", "apiGroups")) {
        Set<String> refused = key.equals("verbs") ? DANGEROUS_VERBS : DANGEROUS_RESOURCES;
        rule.at(key).each().stream()
            .map(Node::text)
            .filter(refused::contains)
            .forEach(word -> find("%s: %s %s", name(role), key, word));
      }
    }
  }

  /** Every pod is chosen by a policy for both ways, so what is not let through is not possible. */
  private void closed(Workload workload, String name) {
    Map<?, ?> labels = workload.template().at("metadata.labels").map();
    boolean closed =
        manifests.kind("NetworkPolicy").stream()
            .filter(p -> p.at("spec.policyTypes").text().contains("Ingress"))
            .filter(p -> p.at("spec.policyTypes").text().contains("Egress"))
            .map(p -> p.at("spec.podSelector.matchLabels").map())
            .anyMatch(chosen -> labels.entrySet().containsAll(chosen.entrySet()));
    if (!closed) {
      find("%s: no network policy closes it", name);
    }
  }

  private void network(Node policy) {
    for (String way : List.of("ingress", "egress")) {
      for (Node rule : policy.at("spec." + way).each()) {
        List<Node> peers = rule.at(way.equals("ingress") ? "from" : "to").each();
        boolean anybody = peers.isEmpty() || peers.stream().anyMatch(p -> p.map().isEmpty());
        boolean everywhere =
            peers.stream()
                .anyMatch(p -> p.at("ipBlock.cidr").text().matches("(0\\.0\\.0\\.0|::)/0"));
        if (anybody || everywhere) {
          find("%s: %s open to everybody", name(policy), way);
        }
        boolean ownPods = peers.stream().allMatch(p -> p.at("podSelector").isThere());
        if (!rule.at("ports").isThere() && !ownPods) {
          find("%s: %s at all ports", name(policy), way);
        }
      }
    }
  }

  private void disruption(Node deployment) {
    boolean found =
        manifests.kind("PodDisruptionBudget").stream()
            .anyMatch(
                p ->
                    p.at("spec.selector.matchLabels")
                        .map()
                        .equals(deployment.at("spec.selector.matchLabels").map()));
    if (!found) {
      find("%s: no disruption budget", name(deployment));
    }
  }

  private void tls(Node ingress) {
    if (ingress.at("spec.tls").each().isEmpty()) {
      find("%s: without TLS", name(ingress));
    }
  }
}
