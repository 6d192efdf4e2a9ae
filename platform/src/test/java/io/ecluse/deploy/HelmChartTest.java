package io.ecluse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.cli.Program;
import io.ecluse.deploy.HelmCharts.Mistake;
import io.ecluse.deploy.Manifests.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The chart as Helm renders it for each of its examples: by Kubernetes' schemas, by a policy, and
 * against what the platform says of itself. Each check is seen to find a mistake that was planted.
 */
@Timeout(900)
class HelmChartTest {
  private static final Map<String, String> EXAMPLES =
      Map.of("trial", "ecluse-trial", "production", "school", "spark-on-kubernetes", "school");
  private static final String HELPERS = "templates/_helpers.tpl";
  private static final String SERVER = "templates/server.yaml";
  private static final String SPARK = "templates/spark.yaml";

  /** By name, a mistake in the chart and a word of what is then found. */
  private static final Map<String, Map.Entry<Mistake, String>> MISTAKES = new LinkedHashMap<>();

  /** By name, values and a word of the refusal. */
  private static final Map<String, Map.Entry<String, String>> REFUSED = new LinkedHashMap<>();

  @TempDir static Path folder;
  private static HelmCharts charts;

  private static void mistake(String name, String file, String right, String wrong, String found) {
    MISTAKES.put(name, Map.entry(new Mistake(file, right, wrong), found));
  }

  static {
    mistake("root", HELPERS, "runAsUser: 10001", "runAsUser: 0", "runs as user '0'");
    mistake(
        "maybe-root", HELPERS, "\nrunAsNonRoot: true\nrunAsUser", "\nrunAsUser", "runAsNonRoot");
    mistake("no-seccomp", HELPERS, "type: RuntimeDefault", "type: Unconfined", "seccompProfile");
    mistake(
        "writes",
        HELPERS,
        "readOnlyRootFilesystem: true",
        "readOnlyRootFilesystem: false",
        "readOnlyRoot");
    mistake("capable", HELPERS, "drop: [ALL]", "drop: [ALL]\n  add: [NET_ADMIN]", "more rights");
    mistake(
        "opened",
        HELPERS,
        "fsGroupChangePolicy: OnRootMismatch",
        "fsGroupChangePolicy: Always",
        "fsGroupChangePolicy");
    mistake("no-probe", HELPERS, "livenessProbe:", "lifecycle:", "no livenessProbe");
    mistake(
        "plain",
        HELPERS,
        "value: \"${secret:database_url}\"",
        "value: postgresql://ecluse:pw@db/ecluse",
        "a password in a URL");
    mistake(
        "plain-env",
        SERVER,
        "          ports:\n            - { name: web",
        "            - { name: ECLUSE_SECRET_ERP_PASSWORD, value: pupil }\n          ports:\n            - { name: web",
        "in plain text");
    mistake(
        "open",
        "templates/network.yaml",
        "policyTypes: [Ingress, Egress]\n---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: {{ $name }}-out",
        "policyTypes: [Egress]\n---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: {{ $name }}-out",
        "no network policy closes it");
    mistake(
        "open-to-all",
        "templates/network.yaml",
        "    - from:\n        {{- toYaml . | nindent 8 }}\n      ports:\n        - { port: web",
        "    - ports:\n        - { port: web",
        "open to everybody");
    mistake(
        "no-amounts",
        SERVER,
        "{{- toYaml .Values.server.resources | nindent 12 }}",
        "{}",
        "no resources.limits.memory");
    mistake(
        "token",
        SERVER,
        "automountServiceAccountToken: {{ .Values.spark.enabled }}",
        "automountServiceAccountToken: true",
        "a token of an account");
    mistake(
        "no-budget",
        SERVER,
        "kind: PodDisruptionBudget",
        "kind: ConfigMap",
        "no disruption budget");
    mistake(
        "wildcard", SPARK, "verbs: [create, get, list, watch, delete]", "verbs: ['*']", "verbs *");
    mistake("everything", SPARK, "resources: [pods/log]", "resources: ['*']", "resources *");
    mistake(
        "exec",
        SPARK,
        "resources: [pods/log]",
        "resources: [pods/log, pods/exec]",
        "resources pods/exec");
    mistake(
        "whole-cluster",
        SPARK,
        "kind: RoleBinding",
        "kind: ClusterRoleBinding",
        "for the whole cluster");
    REFUSED.put("unknown", Map.entry("servers: { tasks: 1 }\nimage: { tag: '1' }", "servers"));
    REFUSED.put("latest", Map.entry("image: { tag: latest }", "must not be latest"));
    REFUSED.put(
        "no-image", Map.entry("image: { tag: '' }", "image.tag or image.digest must be said"));
    REFUSED.put(
        "no-limits",
        Map.entry("image: { tag: '1' }\nserver: { resources: { limits: null } }", "limits"));
    REFUSED.put(
        "all-out",
        Map.entry(
            "image: { tag: '1' }\nnetwork: { egress: [{ to: 0.0.0.0/0, ports: [443] }] }",
            "egress"));
    REFUSED.put(
        "lone-workers",
        Map.entry(
            "image: { tag: '1' }\nworkers: { a: { replicas: 1, tasks: 1, resources: { requests: { cpu: '1', memory: 1Gi }, limits: { cpu: '1', memory: 1Gi } } } }",
            "workers need database.secret"));
    REFUSED.put(
        "no-tls",
        Map.entry(
            "image: { tag: '1' }\ningress: { enabled: true, host: a.example }",
            "ingress needs ingress.tlsSecret"));
    REFUSED.put(
        "same-space",
        Map.entry(
            "image: { tag: '1' }\nspark: { enabled: true, namespace: school }",
            "must be another than school"));
  }

  @BeforeAll
  static void render() throws IOException {
    charts = new HelmCharts(folder);
    for (String example : EXAMPLES.keySet()) {
      charts.want(example, EXAMPLES.get(example), HelmCharts.example(example));
    }
    for (String name : MISTAKES.keySet()) {
      Mistake mistake = MISTAKES.get(name).getKey();
      String example = mistake.file().equals(SPARK) ? "spark-on-kubernetes" : "production";
      charts.want(name, "school", HelmCharts.example(example), mistake);
    }
    for (String name : REFUSED.keySet()) {
      charts.want(name, "school", REFUSED.get(name).getKey());
    }
    charts.want(
        "misspelt",
        "school",
        HelmCharts.example("trial"),
        new Mistake(SERVER, "replicas: 1", "replicaz: 1"));
    charts.render();
  }

  @Test
  void hasNothingThatASecurityOfficerWouldRefuse() throws IOException {
    for (String example : EXAMPLES.keySet()) {
      Manifests manifests = charts.manifests(example);
      assertThat(manifests.workloads()).as(example).isNotEmpty();
      assertThat(ClusterPolicy.findings(manifests)).as(example).isEmpty();
    }
  }

  @Test
  void findsEachMistakeThatIsPlanted() throws IOException {
    for (String name : MISTAKES.keySet()) {
      assertThat(ClusterPolicy.findings(charts.manifests(name)))
          .as(name)
          .anySatisfy(f -> assertThat(f).contains(MISTAKES.get(name).getValue()));
    }
  }

  @Test
  void refusesValuesThatDoNotFitAndSaysWhich() throws IOException {
    for (String name : REFUSED.keySet()) {
      assertThat(charts.refusal(name)).as(name).contains(REFUSED.get(name).getValue());
    }
  }

  @Test
  void isWhatTheSchemasOfKubernetesAllow() throws IOException {
    KubernetesSchemas schemas = KubernetesSchemas.fetched();
    for (String example : EXAMPLES.keySet()) {
      assertThat(schemas.mistakes(charts.manifests(example))).as(example).isEmpty();
    }
    assertThat(schemas.mistakes(charts.manifests("misspelt")))
        .singleElement()
        .asString()
        .contains("replicaz");
    Manifests unknown =
        Manifests.of("{apiVersion: apps/v1, kind: Deploiment, metadata: {name: server}}");
    assertThat(schemas.mistakes(unknown)).containsExactly("no schema for deploiment-apps-v1");
  }

  @Test
  void givesTheProgramArgumentsThatItHas() throws IOException {
    Map<String, String> help = new LinkedHashMap<>();
    for (String command : List.of("server", "demo", "backup")) {
      try (Program program = Program.ofClasses(folder, command, "--help")) {
        assertThat(program.exitCode()).isZero();
        help.put(command, program.output());
      }
    }
    for (String example : EXAMPLES.keySet()) {
      assertThat(unknown(charts.manifests(example), help)).as(example).isEmpty();
    }
    Manifests wrong =
        Manifests.of(Files.readString(charts.file("trial")).replace("--insecure", "--unsafe"));
    assertThat(unknown(wrong, help)).containsExactly("demo --unsafe");
  }

  private static List<String> unknown(Manifests manifests, Map<String, String> help) {
    List<String> unknown = new ArrayList<>();
    for (Manifests.Workload workload : manifests.workloads()) {
      for (Node container : workload.containers()) {
        List<String> words = container.at("args").each().stream().map(Node::text).toList();
        String known = help.getOrDefault(words.get(0), "");
        words.stream()
            .filter(w -> w.startsWith("--"))
            .map(w -> w.replaceFirst("=.*", ""))
            .filter(w -> !Pattern.compile(w + "\\b").matcher(known).find())
            .forEach(w -> unknown.add(words.get(0) + " " + w));
      }
    }
    return unknown;
  }

  @Test
  void letsThePlatformDoWithSparkJustWhatItsDocumentationAsksFor() throws IOException {
    Manifests manifests = charts.manifests("spark-on-kubernetes");
    assertThat(rights(manifests, "school-ecluse-submit"))
        .containsExactly(
            "configmaps: create, get, patch",
            "pods/log: get",
            "pods: create, delete, get, list, watch",
            "secrets: create, delete, list",
            "services: create, get, patch");
    assertThat(Files.readString(Program.repository().resolve("docs/spark.md")))
        .contains(
            "`pods` create, get, list, watch, delete; `pods/log` get; `secrets` create, list, delete; `configmaps`, `services` create, get, patch")
        .contains(
            "`persistentvolumeclaims` create, get, list, watch, delete, deletecollection, patch, update");
    assertThat(rights(manifests, "school-ecluse-driver"))
        .hasSize(4)
        .allSatisfy(
            r ->
                assertThat(r)
                    .endsWith(
                        ": create, delete, deletecollection, get, list, patch, update, watch"));
    assertThat(manifests.kind("Role"))
        .allSatisfy(r -> assertThat(r.at("metadata.namespace").text()).isEqualTo("school-spark"));
  }

  private static List<String> rights(Manifests manifests, String role) {
    TreeSet<String> rights = new TreeSet<>();
    for (Node rule : manifests.find("Role", role).orElseThrow().at("rules").each()) {
      TreeSet<String> verbs = new TreeSet<>();
      rule.at("verbs").each().forEach(v -> verbs.add(v.text()));
      rule.at("resources")
          .each()
          .forEach(r -> rights.add(r.text() + ": " + String.join(", ", verbs)));
    }
    return List.copyOf(rights);
  }
}
