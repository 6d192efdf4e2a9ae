package io.ecluse.deploy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;

/**
 * What a security officer would not sign: looked for in all resources of a state, however the files
 * are written that led to it.
 */
final class ModuleChecks {
  /** Actions that know no resource, so that * is all that can be said. */
  private static final Set<String> OF_NO_RESOURCE =
      Set.of(
          "ssm:UpdateInstanceInformation",
          "ssmmessages:CreateControlChannel",
          "ssmmessages:CreateDataChannel",
          "ssmmessages:OpenControlChannel",
          "ssmmessages:OpenDataChannel",
          "ecr:GetAuthorizationToken",
          "elasticmapreduce:ListClusters",
          "elasticmapreduce:DescribeReleaseLabel",
          "ec2:DescribeVolumes",
          "ec2:DescribeSnapshots",
          "ec2:DescribeInstances");

  private static final Pattern SECRET_NAME =
      Pattern.compile("(?i)(^|_)(password|passwd|secret|secret_key|token|private_key)(_wo)?$");
  private static final Pattern SECRET_TEXT =
      Pattern.compile(
          "(?i)(AKIA[0-9A-Z]{16})|-----BEGIN [A-Z ]*PRIVATE KEY|[a-z]+://[^/\\s:@$\"]+:(?!\\$)[^@\\s/{}]+@|(password|secret)[\"']?\\s*[=:]\\s*[\"'][A-Za-z0-9+/!-]{6,}[\"']");
  private static final int LARGEST_USER_DATA = 16_384;

  private final List<String> findings = new ArrayList<>();

  private ModuleChecks() {}

  /** What is wrong with a state, as a test of the module, or show -json, tells it. */
  static List<String> findings(List<JsonNode> resources) {
    ModuleChecks checks = new ModuleChecks();
    resources.forEach(checks::look);
    checks.buckets(resources);
    return checks.findings;
  }

  private void look(JsonNode resource) {
    String address = resource.path("address").asString();
    JsonNode values = resource.path("values");
    switch (resource.path("type").asString()) {
      case "aws_vpc_security_group_ingress_rule" -> ingress(address, values);
      case "aws_security_group" ->
          values.path("ingress").forEach(rule -> inlineIngress(address, rule));
      case "aws_iam_role_policy", "aws_iam_policy" -> policy(address, values.path("policy"));
      case "aws_instance" -> instance(address, values);
      case "aws_ebs_volume" -> require(values.path("encrypted").asBoolean(), address, "encrypted");
      case "aws_db_instance" -> {
        require(values.path("storage_encrypted").asBoolean(), address, "encrypted");
        require(!values.path("publicly_accessible").asBoolean(), address, "private");
      }
      default -> {}
    }
    values.properties().forEach(v -> secret(address, v.getKey(), v.getValue()));
    if (values.has("tags")) {
      require(values.path("tags").has("ecluse-project"), address, "tagged");
    }
  }

  private void require(boolean held, String address, String what) {
    if (!held) {
      findings.add("%s is not %s".formatted(address, what));
    }
  }

  private void ingress(String address, JsonNode rule) {
    open(address, rule.path("cidr_ipv4").asString(""));
    open(address, rule.path("cidr_ipv6").asString(""));
  }

  private void inlineIngress(String address, JsonNode rule) {
    rule.path("cidr_blocks").forEach(c -> open(address, c.asString()));
    rule.path("ipv6_cidr_blocks").forEach(c -> open(address, c.asString()));
  }

  private void open(String address, String cidr) {
    if (cidr.isEmpty()) {
      return;
    }
    int size = Integer.parseInt(cidr.replaceFirst(".*/", ""));
    if (size < (cidr.contains(":") ? 32 : 16)) {
      findings.add("%s lets in %s".formatted(address, cidr));
    }
  }

  private void policy(String address, JsonNode document) {
    for (JsonNode statement : IamPolicies.of(List.of(document.asString())).statements()) {
      if (!statement.path("Effect").asString().equals("Allow")) {
        continue;
      }
      String sid = statement.path("Sid").asString("");
      List<String> actions = IamPolicies.texts(statement.path("Action"));
      actions.stream()
          .filter(a -> a.matches("(\\*|[a-z0-9-]+:\\*)"))
          .forEach(a -> findings.add("%s %s allows %s".formatted(address, sid, a)));
      if (IamPolicies.texts(statement.path("Resource")).contains("*")
          && !statement.has("Condition")) {
        actions.stream()
            .filter(a -> !OF_NO_RESOURCE.contains(a))
            .forEach(a -> findings.add("%s %s allows %s on *".formatted(address, sid, a)));
      }
      if (actions.contains("iam:PassRole")
          && !statement.path("Condition").toString().contains("iam:PassedToService")) {
        findings.add("%s %s passes roles to anybody".formatted(address, sid));
      }
    }
  }

  private void instance(String address, JsonNode values) {
    JsonNode metadata = values.path("metadata_options").path(0);
    require(metadata.path("http_tokens").asString("").equals("required"), address, "for IMDSv2");
    require(
        values.path("root_block_device").path(0).path("encrypted").asBoolean(),
        address,
        "encrypted");
    byte[] packed = Base64.getDecoder().decode(values.path("user_data_base64").asString(""));
    require(packed.length < LARGEST_USER_DATA, address, "small enough for user data");
    for (String text : unpacked(packed)) {
      Matcher secret = SECRET_TEXT.matcher(text);
      if (secret.find()) {
        findings.add("%s has a secret in its user data".formatted(address));
      }
    }
  }

  /** User data, and the files in it. */
  static List<String> unpacked(byte[] packed) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      List<String> texts = new ArrayList<>(List.of(text));
      Pattern.compile("content: ([A-Za-z0-9+/=]+)")
          .matcher(text)
          .results()
          .map(m -> Base64.getDecoder().decode(m.group(1)))
          .forEach(bytes -> texts.add(new String(bytes, StandardCharsets.UTF_8)));
      return texts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void secret(String address, String name, JsonNode value) {
    boolean named = SECRET_NAME.matcher(name).find() && value.isString();
    if (named && !value.asString().isEmpty()) {
      findings.add("%s has %s in plain sight".formatted(address, name));
    }
  }

  private void buckets(List<JsonNode> resources) {
    long buckets = count(resources, "aws_s3_bucket");
    for (String beside :
        List.of(
            "aws_s3_bucket_public_access_block",
            "aws_s3_bucket_server_side_encryption_configuration",
            "aws_s3_bucket_policy",
            "aws_s3_bucket_lifecycle_configuration")) {
      require(count(resources, beside) == buckets, "A bucket", "with its " + beside);
    }
    resources.stream()
        .filter(r -> r.path("type").asString().equals("aws_s3_bucket_policy"))
        .forEach(
            r ->
                require(
                    r.path("values").path("policy").asString("").contains("aws:SecureTransport"),
                    r.path("address").asString(),
                    "for TLS alone"));
  }

  private static long count(List<JsonNode> resources, String type) {
    return resources.stream().filter(r -> r.path("type").asString().equals(type)).count();
  }
}
