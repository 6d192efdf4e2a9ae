package io.ecluse.deploy;

import java.util.Map;

/** The least that can be made: a machine, a bucket, and clusters when a DAG asks for them. */
class TerraformApplyIT extends AwsInstallation {
  @Override
  String example() {
    return "minimal";
  }

  @Override
  String name() {
    return "ecluse";
  }

  @Override
  int volume() {
    return 50;
  }

  @Override
  Map<String, String> said(AwsEmulator there) {
    return Map.of();
  }
}
