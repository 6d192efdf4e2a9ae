package io.ecluse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.Registrations;
import io.ecluse.duckdb.EngineParser;
import io.ecluse.project.ProjectReader;
import io.ecluse.project.ProjectReading;
import io.ecluse.project.ProjectTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * An example of deploy/aws applied to an emulator of Amazon's services, changed, and destroyed;
 * what is there is asked of the services. One installation goes through all of it, so the order
 * counts.
 */
@Timeout(900)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class AwsInstallation {
  static final String IMAGE = "registry.example/ecluse@sha256:" + "1".repeat(64);
  private static final String NEXT_IMAGE = "registry.example/ecluse@sha256:" + "2".repeat(64);

  private Path folder = Path.of("");
  private final Map<String, String> variables = new LinkedHashMap<>();
  private Terraform terraform;
  private AwsEmulator aws;
  private Path example;

  /** The folder of the example. */
  abstract String example();

  /** What the installation is called. */
  abstract String name();

  /** How large its data volume is, in GB. */
  abstract int volume();

  /** What is said to the example beside the image. */
  abstract Map<String, String> said(AwsEmulator there);

  @BeforeAll
  void apply(@TempDir Path temp) throws IOException {
    folder = temp;
    terraform = Terraform.findOrSkip(folder);
    aws = AwsEmulator.startOrSkip(folder.resolve("emulator.log"));
    example = Terraform.copy(folder.resolve("deploy")).resolve("examples/" + example());
    aws.serve(example);
    variables.put("image", IMAGE);
    variables.put("ami_id", "ami-12c6146b"); // one that the emulator has
    variables.putAll(said(aws));
    terraform.init(example);
    terraform.done(example, change("apply", "-auto-approve"));
  }

  JsonNode there() {
    return aws.look(name());
  }

  @AfterAll
  void close() {
    if (aws != null) {
      aws.close();
    }
  }

  private String[] change(String command, String... more) {
    List<String> words = new ArrayList<>(List.of(command, "-input=false", "-no-color"));
    words.addAll(List.of("-parallelism=30"));
    words.addAll(List.of(more));
    variables.forEach((key, value) -> words.add("-var=" + key + "=" + value));
    return words.toArray(String[]::new);
  }

  private String output(String name) {
    return String.join("\n", terraform.done(example, "output", "-raw", name));
  }

  @Test
  @Order(1)
  void whatIsThereIsClosedEncryptedAndTagged() {
    JsonNode there = there();

    JsonNode server = there.path("instances").path(0);
    assertThat(there.path("instances").size()).isEqualTo(1);
    assertThat(server.path("imds").path("HttpTokens").asString()).isEqualTo("required");
    assertThat(server.path("imds").path("HttpPutResponseHopLimit").asInt()).isEqualTo(1);
    assertThat(server.path("private").asString()).isEqualTo("10.0.0.10");
    assertThat(there.path("volumes").size()).isEqualTo(2);
    there.path("volumes").forEach(v -> assertThat(v.path("encrypted").asBoolean()).isTrue());
    assertThat(there.path("groups").path(name() + "-server").toString())
        .contains("[32768,60999]")
        .doesNotContain("/") // other groups alone, no addresses
        .doesNotContain("[22,22]");
    assertThat(there.path("endpoints").toString()).contains("com.amazonaws.eu-west-3.s3");
    assertThat(there.path("flow_logs").size()).isEqualTo(1);
    assertThat(there.path("buckets").path(0).path("versioning").asString()).isEqualTo("Enabled");
    assertThat(there.path("buckets").path(0).path("objects").toString())
        .contains("deploy/template.json");
    assertThat(there.path("buckets").size()).isEqualTo(2);
    for (JsonNode bucket : there.path("buckets")) {
      bucket.path("public").forEach(blocked -> assertThat(blocked.asBoolean()).isTrue());
      assertThat(bucket.path("policy").toString()).contains("\"aws:SecureTransport\":\"false\"");
    }
    assertThat(there.path("clusters").size()).as("none runs until a DAG asks").isZero();
    assertThat(there.path("roles").size()).isGreaterThanOrEqualTo(4);
    for (JsonNode role : there.path("roles")) {
      assertThat(role.path("tags").path("ecluse-project").asString()).isEqualTo(name());
    }
  }

  @Test
  @Order(2)
  void rolesAsTheyAreThereHandOnNoRoleButTheirs() {
    JsonNode roles = there().path("roles");
    Map<String, String> passed =
        Map.of(
            name() + "-emr-service", "elasticmapreduce.amazonaws.com",
            name() + "-emr-machines", "ec2.amazonaws.com",
            name() + "-job-runs", "emr-serverless.amazonaws.com");
    List<String> documents = new ArrayList<>();
    roles.path(name() + "-server").path("policies").forEach(p -> documents.add(p.toString()));
    IamPolicies server = IamPolicies.of(documents);

    roles
        .propertyNames()
        .forEach(
            role ->
                passed
                    .values()
                    .forEach(
                        service ->
                            assertThat(server.allow(pass(role, service)))
                                .as("%s to %s", role, service)
                                .isEqualTo(service.equals(passed.get(role)))));
    assertThat(roles.path(name() + "-server").path("attached").size()).isZero();
    assertThat(roles.path(name() + "-emr-service").path("attached").toString())
        .isEqualTo("[\"AmazonEMRServicePolicy_v2\"]");
  }

  private static IamPolicies.Request pass(String role, String service) {
    return new IamPolicies.Request(
        "iam:PassRole",
        "arn:aws:iam::123456789012:role/" + role,
        Map.of("iam:PassedToService", service));
  }

  @Test
  @Order(4)
  void outputsMakeAProjectThatIsValid() {
    String command = output("init");
    assertThat(command).startsWith("ecluse init school --template aws --set ");
    Map<String, String> values = new LinkedHashMap<>();
    Matcher set = Pattern.compile("--set '([a-z_]+)=([^']*)'").matcher(command);
    while (set.find()) {
      values.put(set.group(1), set.group(2));
    }
    Path project = folder.resolve("school");
    new ProjectTemplate("aws", values).writeTo(project);

    ProjectReading reading =
        new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary()).read(project);
    assertThat(reading.problems()).isEmpty();
    assertThat(Terraform.read(project.resolve("ecluse.yaml")))
        .contains("s3://%s-123456789012-eu-west-3/warehouse".formatted(name()))
        .contains("service_role: arn:aws:iam::123456789012:role/%s-emr-service".formatted(name()))
        .contains("bootstrap: s3://%s-123456789012-eu-west-3/deploy/".formatted(name()));
    assertThat(output("next")).contains("aws ssm start-session");
  }

  @Test
  @Order(5)
  void theMachineBringsThePlatformUpByItself() throws IOException {
    Path root = folder.resolve("machine");
    List<String> files = userData(root);
    assertThat(files).contains("/opt/ecluse/boot.py", "/etc/systemd/system/ecluse.service");
    Path tools = Files.createDirectories(folder.resolve("tools"));
    Path log = folder.resolve("commands.log");
    for (String tool : List.of("docker", "mkfs.ext4", "mount", "resize2fs", "blkid")) {
      Path file = tools.resolve(tool);
      // an empty disk: blkid finds nothing
      Files.writeString(
          file,
          "#!/bin/sh\necho %s \"$@\" >>%s\n%s\n"
              .formatted(tool, log, tool.equals("blkid") ? "exit 2" : "cat >/dev/null"));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    String id = data(there()).path("id").asString();
    Path device =
        root.resolve("dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_" + id.replace("-", ""));
    Files.createDirectories(device.getParent());
    Files.createFile(device);
    Map<String, String> environment =
        Map.of(
            "ECLUSE_BOOT_ROOT",
            root.toString(),
            "AWS_ENDPOINT_URL",
            aws.url(),
            "AWS_ACCESS_KEY_ID",
            "test",
            "AWS_SECRET_ACCESS_KEY",
            "test",
            "PATH",
            tools + ":" + System.getenv("PATH"));

    aws.askIn(environment, root.resolve("opt/ecluse/boot.py").toString(), "start");

    Path data = root.resolve("srv/ecluse");
    assertThat(Terraform.read(data.resolve("secrets/metadata"))).isNotBlank();
    assertThat(Files.getPosixFilePermissions(data.resolve("secrets/metadata")))
        .isEqualTo(PosixFilePermissions.fromString("r--r--r--"));
    Path compose = root.resolve("opt/ecluse/compose");
    assertThat(compose.resolve("compose.yaml")).exists();
    assertThat(Terraform.read(compose.resolve(".env")))
        .contains("ECLUSE_IMAGE='" + IMAGE + "'")
        .contains("COMPOSE_PROFILES='")
        .contains("'postgresql://ecluse:${secret:metadata}@");
    assertThat(Terraform.read(log))
        .contains("mkfs.ext4 -q -L ecluse " + device)
        .contains("docker run --rm --network none")
        .contains("init /project --template aws --set address=10.0.0.10")
        .contains("docker compose --file compose.yaml --file compose.aws.yaml up --detach");

    Files.writeString(data.resolve("project/ecluse.yaml"), "name: mine\n");
    aws.askIn(environment, root.resolve("opt/ecluse/boot.py").toString(), "start");
    assertThat(Terraform.read(log)).containsOnlyOnce("docker run --rm");
  }

  /** Lays out the files of the machine's user data below a root, and returns their names. */
  private List<String> userData(Path root) throws IOException {
    String state = String.join("", terraform.done(example, "show", "-json"));
    Matcher packed = Pattern.compile("\"user_data_base64\":\"([A-Za-z0-9+/=]+)\"").matcher(state);
    assertThat(packed.find()).isTrue();
    String text = ModuleChecks.unpacked(Base64.getDecoder().decode(packed.group(1))).get(0);
    assertThat(text).startsWith("#cloud-config\n").contains("docker-compose-v2");
    List<String> names = new ArrayList<>();
    Matcher file = Pattern.compile("- path: (\\S+)\\n.*\\n.*\\n    content: (\\S+)").matcher(text);
    while (file.find()) {
      Path target = root.resolve(file.group(1).substring(1));
      Files.createDirectories(target.getParent());
      Files.write(target, Base64.getDecoder().decode(file.group(2)));
      names.add(file.group(1));
    }
    // Spark is hundreds of megabytes from the internet: taken for brought already
    Path settings = root.resolve("opt/ecluse/settings.json");
    Files.writeString(
        settings, Terraform.read(settings).replaceFirst("\"spark\":\\{[^}]*}", "\"spark\":null"));
    return names;
  }

  @Test
  @Order(6)
  void anotherImageAndAnotherMachineKeepTheData() {
    JsonNode before = there();
    variables.put("image", NEXT_IMAGE);
    variables.put("instance_type", "m6i.2xlarge");
    List<String> said = terraform.done(example, change("apply", "-auto-approve"));

    JsonNode after = there();
    // and nothing else: a plan without another image would be empty
    assertThat(said.stream().filter(line -> line.matches("  # \\S+ (will|must) be .*")))
        .containsExactlyInAnyOrder(
            "  # module.ecluse.aws_cloudwatch_metric_alarm.this[\"machine\"] will be updated in-place",
            "  # module.ecluse.aws_cloudwatch_metric_alarm.this[\"system\"] will be updated in-place",
            "  # module.ecluse.aws_instance.server must be replaced",
            "  # module.ecluse.aws_volume_attachment.data must be replaced");
    JsonNode server = after.path("instances").path(0);
    assertThat(server.path("id")).isNotEqualTo(before.path("instances").path(0).path("id"));
    assertThat(server.path("type").asString()).isEqualTo("m6i.2xlarge");
    assertThat(data(after).path("id")).isEqualTo(data(before).path("id"));
    assertThat(data(after).path("on").path(0)).isEqualTo(server.path("id"));
    assertThat(server.path("private")).isEqualTo(before.path("instances").path(0).path("private"));
    assertThat(after.path("addresses")).isEqualTo(before.path("addresses"));
    assertThat(after.path("databases")).isEqualTo(before.path("databases"));
  }

  private JsonNode data(JsonNode there) {
    for (JsonNode volume : there.path("volumes")) {
      if (volume.path("size").asInt() == volume()) {
        return volume;
      }
    }
    throw new AssertionError("No data volume: " + there.path("volumes"));
  }

  @Test
  @Order(7)
  void destroyLeavesNothing() {
    terraform.done(example, change("destroy", "-auto-approve", "-refresh=false"));

    JsonNode there = there();
    Set<String> left = new TreeSet<>();
    there
        .properties()
        .forEach(
            kind -> {
              if (!kind.getValue().isEmpty()) {
                left.add(kind.getKey() + ": " + kind.getValue());
              }
            });
    assertThat(left).isEmpty();
  }
}
