package io.ecluse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.PythonEnvironment.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * deploy/aws without Amazon: its files, what it refuses, and what would come of it by a provider
 * that makes answers up.
 */
@Timeout(400)
class AwsModuleTest {
  @TempDir static Path folder;
  private static Terraform terraform;
  private static Path module;
  private static Map<String, JsonNode> states;

  @BeforeAll
  static void readTheModule() throws IOException {
    terraform = Terraform.findOrSkip(folder);
    module = Terraform.copy(folder.resolve("deploy"));
    terraform.init(module);
    states = terraform.states(module, "whole.tftest.hcl");
  }

  private static List<JsonNode> resources(JsonNode state) {
    List<JsonNode> resources = new ArrayList<>();
    state.path("root_module").path("resources").forEach(resources::add);
    return resources;
  }

  @Test
  void filesAreFormattedAndFitTheProvider() throws IOException {
    assertThat(terraform.done(module, "fmt", "-check", "-recursive", "-diff")).isEmpty();

    // the examples take the module in, so they are where a wrong argument of either shows
    Path example = module.resolve("examples/production");
    terraform.init(example);
    terraform.done(example, "validate", "-no-color");
    Files.writeString(
        example.resolve("mistake.tf"),
        "resource \"aws_sns_topic\" \"x\" {\n  encrypted = true\n}\n");
    Ended ended = terraform.run(example, "validate", "-no-color");
    assertThat(ended.status()).isNotZero();
    assertThat(String.join("\n", ended.lines()))
        .contains("An argument named \"encrypted\" is not expected here");
  }

  @Test
  void refusesWhatWouldBeOpenOrCouldNotWork() {
    List<String> said =
        terraform.done(module, "test", "-no-color", "-filter=tests/refused.tftest.hcl");

    assertThat(said).anyMatch(line -> line.startsWith("Success! 7 passed"));
  }

  @Test
  void nothingIsOpenOrInPlainSight() {
    assertThat(states.keySet()).containsExactly("least", "nearly_all");
    states
        .values()
        .forEach(
            state -> {
              List<JsonNode> resources = resources(state);
              assertThat(resources).hasSizeGreaterThan(50);
              assertThat(ModuleChecks.findings(resources)).isEmpty();
            });
  }

  @Test
  void rolesMayDoTheirWorkAndNothingElse() {
    Map<String, IamPolicies> roles = new LinkedHashMap<>();
    List<JsonNode> resources = resources(states.get("nearly_all"));
    for (String role : List.of("server", "emr_service", "emr_machines", "job_runs", "snapshots")) {
      List<String> documents =
          resources.stream()
              .filter(r -> r.path("type").asString().equals("aws_iam_role_policy"))
              .filter(r -> r.path("name").asString().equals(role))
              .map(r -> r.path("values").path("policy").asString())
              .toList();
      assertThat(documents).as(role).isNotEmpty();
      roles.put(role, IamPolicies.of(documents));
    }

    List<String> wrong = new ArrayList<>();
    List<RoleRights.Case> cases = RoleRights.cases();
    for (RoleRights.Case each : cases) {
      if (roles.get(each.role()).allow(each.request()) != each.allowed()) {
        wrong.add(each.toString());
      }
    }
    assertThat(cases).hasSizeGreaterThan(80);
    assertThat(wrong).isEmpty();
  }

  @Test
  void bringsWhatTheProductAsksOfEmr() throws IOException {
    String docs = Files.readString(Path.of("..", "docs", "emr.md"));
    String rights = docs.substring(docs.indexOf("## Rights"), docs.indexOf("## Not there yet"));
    String allowed = Terraform.read(module.resolve("iam-emr.tf"));

    List<String> asked =
        Arrays.stream(rights.split("`"))
            .filter(word -> word.matches("(elasticmapreduce:)?[A-Z][A-Za-z]{6,}"))
            .filter(word -> !word.matches("PassRole"))
            .map(word -> "elasticmapreduce:" + word.replace("elasticmapreduce:", ""))
            .distinct()
            .toList();
    assertThat(asked).hasSizeGreaterThan(10);
    assertThat(asked).allSatisfy(action -> assertThat(allowed).contains('"' + action + '"'));
  }

  @Test
  void plantedMistakesAreFound() throws IOException {
    Path copy = Terraform.copy(folder.resolve("planted"));
    Files.writeString(
        copy.resolve("mistake.tf"),
        """
        resource "aws_vpc_security_group_ingress_rule" "mistake" {
          security_group_id = aws_security_group.server.id
          cidr_ipv4         = "0.0.0.0/0"
          ip_protocol       = "tcp"
          from_port         = 22
          to_port           = 22
          tags              = { owner = "nobody" }
        }

        resource "aws_ebs_volume" "mistake" {
          availability_zone = local.zones[0]
          size              = 10
          tags              = local.tags
        }

        resource "aws_s3_bucket" "mistake" {
          bucket = "bare"
          tags   = local.tags
        }
        """);
    Terraform.replace(
        copy.resolve("iam-server.tf"),
        "Action   = [\"s3:GetBucketLocation\"]\n        Resource = [local.bucket_arn]",
        "Action   = [\"s3:*\"]\n        Resource = [\"*\"]");
    Terraform.replace(
        copy.resolve("iam-emr.tf"),
        "      Condition = { StringEquals = { \"iam:PassedToService\" = \"emr-serverless.amazonaws.com\" } }\n",
        "");
    Terraform.replace(
        copy.resolve("database.tf"),
        "manage_master_user_password = true",
        "password = \"hunter2-hunter2\"");
    Terraform.replace(copy.resolve("instance.tf"), "\"required\" # IMDSv2", "\"optional\"");
    Terraform.replace(
        copy.resolve("instance.tf"),
        "metrics         = local.metrics",
        "metrics         = local.metrics\n    password = \"hunter2-hunter2\"");
    Terraform.replace(
        copy.resolve("tests/whole.tftest.hcl"),
        "aws_db_instance.this[0].manage_master_user_password && ",
        "");
    terraform.init(copy);

    Ended ended =
        terraform.run(copy, "test", "-json", "-verbose", "-filter=tests/whole.tftest.hcl");

    List<String> findings = new ArrayList<>();
    for (String line : ended.lines()) {
      JsonNode told = line.startsWith("{") ? Terraform.JSON.readTree(line) : null;
      if (told != null && told.has("test_state")) {
        findings.addAll(ModuleChecks.findings(resources(told.path("test_state"))));
      }
    }
    assertThat(findings)
        .contains(
            "aws_vpc_security_group_ingress_rule.mistake lets in 0.0.0.0/0",
            "aws_vpc_security_group_ingress_rule.mistake is not tagged",
            "aws_ebs_volume.mistake is not encrypted",
            "aws_iam_role_policy.server FindTheBucket allows s3:*",
            "aws_iam_role_policy.server FindTheBucket allows s3:* on *",
            "aws_iam_role_policy.server GiveJobRunsTheirRole passes roles to anybody",
            "aws_db_instance.this[0] has password in plain sight",
            "aws_instance.server is not for IMDSv2",
            "aws_instance.server has a secret in its user data",
            "A bucket is not with its aws_s3_bucket_policy");
  }
}
