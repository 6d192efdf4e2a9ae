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
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * deploy/aws applied to an emulator of Amazon's services, changed, and destroyed; what is there is
 * asked of the services. One installation goes through all of it, so the order counts.
 */
@Timeout(900)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AwsApplyIT {
  private static final String IMAGE = "registry.example/ecluse@sha256:" + "1".repeat(64);
  private static final String NEXT_IMAGE = "registry.example/ecluse@sha256:" + "2".repeat(64);
  private static final String SPARK =
      "123456789012.dkr.ecr.eu-west-3.amazonaws.com/spark@sha256:" + "3".repeat(64);

  @TempDir static Path folder;
  private static Terraform terraform;
  private static AwsEmulator aws;
  private static Path production;
  private static final Map<String, String> variables = new LinkedHashMap<>();

  @BeforeAll
  static void apply() throws IOException {
    terraform = Terraform.findOrSkip(folder);
    aws = AwsEmulator.startOrSkip(folder.resolve("emulator.log"));
    production = Terraform.copy(folder.resolve("deploy")).resolve("examples/production");
    aws.serve(production);
    variables.put("image", IMAGE);
    variables.put("ami_id", "ami-12c6146b"); // one that the emulator has
    variables.put("allowed_cidrs", "[\"203.0.113.7/32\"]");
    variables.put(
        "https",
        "{domain=\"data.school.example\",certificate_arn=\"arn:aws:acm:eu-west-3:123456789012:certificate/11111111-2222-3333-4444-555555555555\"}");
    variables.put("operators", "[\"ops@school.example\"]");
    variables.put("erp", "{cidr=\"198.51.100.20/32\",port=5432}");
    variables.put("serverless_image", SPARK);
    variables.put("destroy_data", "true");
    terraform.init(production);
    terraform.done(production, change("apply", "-auto-approve"));
  }

  @AfterAll
  static void close() {
    if (aws != null) {
      aws.close();
    }
  }

  private static String[] change(String command, String... more) {
    List<String> words = new ArrayList<>(List.of(command, "-input=false", "-no-color"));
    words.addAll(List.of("-parallelism=30"));
    words.addAll(List.of(more));
    variables.forEach((key, value) -> words.add("-var=" + key + "=" + value));
    return words.toArray(String[]::new);
  }

  private static String output(String name) {
    return String.join("\n", terraform.done(production, "output", "-raw", name));
  }

  @Test
  @Order(1)
  void whatIsThereIsClosedEncryptedAndTagged() {
    JsonNode there = aws.look("school");

    JsonNode server = there.path("instances").path(0);
    assertThat(there.path("instances").size()).isEqualTo(1);
    assertThat(server.path("imds").path("HttpTokens").asString()).isEqualTo("required");
    assertThat(server.path("imds").path("HttpPutResponseHopLimit").asInt()).isEqualTo(1);
    assertThat(server.path("private").asString()).isEqualTo("10.0.0.10");
    there.path("volumes").forEach(v -> assertThat(v.path("encrypted").asBoolean()).isTrue());
    assertThat(there.path("groups").path("school-web").toString())
        .isEqualTo("[{\"ports\":[443,443],\"from\":[\"203.0.113.7/32\"]}]");
    assertThat(there.path("groups").path("school-server").toString())
        .doesNotContain("/") // other groups alone, no addresses
        .doesNotContain("[22,22]");
    assertThat(there.path("groups").path("school-database").toString()).contains("[5432,5432]");
    assertThat(there.path("endpoints").toString()).contains("com.amazonaws.eu-west-3.s3");
    assertThat(there.path("flow_logs").size()).isEqualTo(1);

    JsonNode data = there.path("buckets").path(0);
    assertThat(data.path("encryption").asString()).isEqualTo("aws:kms");
    assertThat(data.path("versioning").asString()).isEqualTo("Enabled");
    there
        .path("buckets")
        .forEach(
            bucket -> {
              bucket.path("public").forEach(blocked -> assertThat(blocked.asBoolean()).isTrue());
              assertThat(bucket.path("policy").toString()).contains("\"aws:SecureTransport\":\"false\"");
            });
    assertThat(data.path("objects").toString()).contains("deploy/template.json");
    JsonNode database = there.path("databases").path(0);
    assertThat(database.path("encrypted").asBoolean()).isTrue();
    assertThat(database.path("public").asBoolean()).isFalse();
    assertThat(there.path("applications").toString()).isEqualTo("[\"school\"]");
    assertThat(there.path("clusters").size()).as("none runs until a DAG asks").isZero();
    assertThat(there.path("alarms").size()).isEqualTo(6);
    there
        .path("roles")
        .forEach(
            role ->
                assertThat(role.path("tags").path("ecluse-project").asString())
                    .isEqualTo("school"));
  }

  @Test
  @Order(2)
  void rolesAsTheyAreThereHandOnNoRoleButTheirs() {
    JsonNode roles = aws.look("school").path("roles");
    Map<String, String> passed =
        Map.of(
            "school-emr-service", "elasticmapreduce.amazonaws.com",
            "school-emr-machines", "ec2.amazonaws.com",
            "school-job-runs", "emr-serverless.amazonaws.com");
    List<String> documents = new ArrayList<>();
    roles.path("school-server").path("policies").forEach(p -> documents.add(p.toString()));
    IamPolicies server = IamPolicies.of(documents);

    for (String role : List.of("school-emr-service", "school-emr-machines", "school-job-runs", "school-server", "school-snapshots")) {
      for (String service : passed.values()) {
        assertThat(
                server.allow(
                    new IamPolicies.Request(
                        "iam:PassRole",
                        "arn:aws:iam::123456789012:role/" + role,
                        Map.of("iam:PassedToService", service))))
            .as("%s to %s", role, service)
            .isEqualTo(service.equals(passed.get(role)));
      }
    }
    assertThat(roles.path("school-server").path("attached").size()).isZero();
    assertThat(roles.path("school-emr-service").path("attached").toString())
        .isEqualTo("[\"AmazonEMRServicePolicy_v2\"]");
  }

  @Test
  @Order(3)
  void aSecondPlanIsEmpty() {
    assertThat(terraform.run(production, change("plan", "-detailed-exitcode")).status()).isZero();
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
        .contains("s3://school-123456789012-eu-west-3/warehouse")
        .contains("service_role: arn:aws:iam::123456789012:role/school-emr-service")
        .contains("bootstrap: s3://school-123456789012-eu-west-3/deploy/spark/install")
        .contains("type: emr_serverless");
    assertThat(output("next")).contains("aws ssm start-session").contains("data.school.example");
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
    String volume = aws.look("school").path("volumes").toString();
    Matcher id = Pattern.compile("\"(vol-[0-9a-f]+)\",\"encrypted\":true,\"size\":200").matcher(volume);
    assertThat(id.find()).as(volume).isTrue();
    Path device =
        root.resolve("dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_" + id.group(1).replace("-", ""));
    Files.createDirectories(device.getParent());
    Files.createFile(device);
    Map<String, String> environment =
        Map.of(
            "ECLUSE_BOOT_ROOT", root.toString(),
            "AWS_ENDPOINT_URL", aws.url(),
            "AWS_ACCESS_KEY_ID", "test",
            "AWS_SECRET_ACCESS_KEY", "test",
            "PATH", tools + ":" + System.getenv("PATH"));

    aws.askIn(environment, root.resolve("opt/ecluse/boot.py").toString(), "start");

    Path data = root.resolve("srv/ecluse");
    assertThat(Terraform.read(data.resolve("secrets/metadata"))).isNotBlank();
    assertThat(Files.getPosixFilePermissions(data.resolve("secrets/metadata")))
        .isEqualTo(PosixFilePermissions.fromString("r--r--r--"));
    Path compose = root.resolve("opt/ecluse/compose");
    assertThat(compose.resolve("compose.yaml")).exists();
    assertThat(Terraform.read(compose.resolve(".env")))
        .contains("ECLUSE_IMAGE='" + IMAGE + "'")
        .contains("COMPOSE_PROFILES='none'\n")
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
  private static List<String> userData(Path root) throws IOException {
    String state = String.join("", terraform.done(production, "show", "-json"));
    Matcher packed = Pattern.compile("\"user_data_base64\":\"([A-Za-z0-9+/=]+)\"").matcher(state);
    assertThat(packed.find()).isTrue();
    String text =
        ModuleChecks.unpacked(java.util.Base64.getDecoder().decode(packed.group(1))).get(0);
    assertThat(text).startsWith("#cloud-config\n").contains("docker-compose-v2");
    List<String> names = new ArrayList<>();
    Matcher file =
        Pattern.compile("- path: (\\S+)\\n.*\\n.*\\n    content: (\\S+)").matcher(text);
    while (file.find()) {
      Path target = root.resolve(file.group(1).substring(1));
      Files.createDirectories(target.getParent());
      Files.write(target, java.util.Base64.getDecoder().decode(file.group(2)));
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
    JsonNode before = aws.look("school");
    variables.put("image", NEXT_IMAGE);
    variables.put("instance_type", "m6i.2xlarge");
    List<String> said = terraform.done(production, change("apply", "-auto-approve"));

    JsonNode after = aws.look("school");
    assertThat(String.join("\n", said)).contains("module.ecluse.aws_instance.server must be replaced");
    JsonNode server = after.path("instances").path(0);
    assertThat(server.path("id")).isNotEqualTo(before.path("instances").path(0).path("id"));
    assertThat(server.path("type").asString()).isEqualTo("m6i.2xlarge");
    assertThat(data(after).path("id")).isEqualTo(data(before).path("id"));
    assertThat(data(after).path("on").path(0)).isEqualTo(server.path("id"));
    assertThat(server.path("private")).isEqualTo(before.path("instances").path(0).path("private"));
    assertThat(after.path("addresses")).isEqualTo(before.path("addresses"));
    assertThat(after.path("databases")).isEqualTo(before.path("databases"));
  }

  private static JsonNode data(JsonNode there) {
    for (JsonNode volume : there.path("volumes")) {
      if (volume.path("size").asInt() == 200) {
        return volume;
      }
    }
    throw new AssertionError("No data volume: " + there.path("volumes"));
  }

  @Test
  @Order(7)
  void destroyLeavesNothing() {
    terraform.done(production, change("destroy", "-auto-approve"));

    JsonNode there = aws.look("school");
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
