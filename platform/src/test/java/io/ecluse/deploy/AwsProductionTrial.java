package io.ecluse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Nearly all that can be made. The provider waits for minutes for a database and a load balancer,
 * emulated or not, so this is no part of the test command: {@code -Dit.test=AwsProductionTrial}.
 */
class AwsProductionTrial extends AwsInstallation {
  @Override
  String example() {
    return "production";
  }

  @Override
  String name() {
    return "school";
  }

  @Override
  int volume() {
    return 200;
  }

  @Override
  Map<String, String> said(AwsEmulator there) {
    String certificate = String.join("", there.ask("aws/certificate.py", there.url()));
    return Map.of(
        "allowed_cidrs", "[\"203.0.113.7/32\"]",
        "https", "{domain=\"data.school.example\",certificate_arn=\"%s\"}".formatted(certificate),
        "operators", "[\"ops@school.example\"]",
        "erp", "{cidr=\"198.51.100.20/32\",port=5432}",
        "serverless_image",
            "123456789012.dkr.ecr.eu-west-3.amazonaws.com/spark@sha256:" + "3".repeat(64),
        "destroy_data", "true");
  }

  @Test
  @Order(2)
  void optionsAreThereToo() {
    JsonNode there = there();

    assertThat(there.path("groups").path("school-web").toString())
        .isEqualTo("[{\"ports\":[443,443],\"from\":[\"203.0.113.7/32\"]}]");
    assertThat(there.path("groups").path("school-database").toString()).contains("[5432,5432]");
    JsonNode database = there.path("databases").path(0);
    assertThat(database.path("encrypted").asBoolean()).isTrue();
    assertThat(database.path("public").asBoolean()).isFalse();
    assertThat(there.path("buckets").path(0).path("encryption").asString()).isEqualTo("aws:kms");
    assertThat(there.path("applications").toString()).isEqualTo("[\"school\"]");
    assertThat(there.path("alarms").size()).isEqualTo(6);
  }
}
