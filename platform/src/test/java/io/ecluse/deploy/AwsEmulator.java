package io.ecluse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.PythonEnvironment;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Amazon's services as Moto emulates them, on this machine; ends with its owner. */
final class AwsEmulator implements AutoCloseable {
  static final String REGION = "eu-west-3";

  private static final List<String> SERVICES =
      List.of(
          "budgets",
          "cloudwatch",
          "dlm",
          "ec2",
          "elbv2",
          "emr",
          "emrserverless",
          "iam",
          "kms",
          "logs",
          "rds",
          "s3",
          "secretsmanager",
          "sns",
          "ssm",
          "sts");

  private final PythonEnvironment python;
  private final Process process;
  private final int port;

  private AwsEmulator(PythonEnvironment python, Process process, int port) {
    this.python = python;
    this.process = process;
    this.port = port;
  }

  /** Starts it; where its packages cannot be had, the tests say so and end. */
  static AwsEmulator startOrSkip(Path log) throws IOException {
    PythonEnvironment python =
        PythonEnvironment.install(
            "aws", "aws/requirements.txt", "deploy/aws is not applied to an emulator");
    ProcessBuilder builder =
        new ProcessBuilder(
                python.python().toString(), PythonEnvironment.script("aws/emulator.py").toString())
            .redirectError(log.toFile());
    builder.environment().put("PYTHONWARNINGS", "ignore");
    Process process = builder.start();
    // the stream is read no further: it prints its port and nothing more
    String line =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
            .readLine();
    assertThat(line).as(Files.readString(log)).matches("\\d+");
    return new AwsEmulator(python, process, Integer.parseInt(line));
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /**
   * Has the provider of a folder ask here: keys of nobody, and few retries, which hide what fails.
   */
  void serve(Path folder) throws IOException {
    String endpoints =
        SERVICES.stream()
            .map(service -> "    %s = \"%s\"".formatted(service, url()))
            .collect(Collectors.joining("\n"));
    Files.writeString(
        folder.resolve("emulator_override.tf"),
        """
        provider "aws" {
          region                      = "%s"
          access_key                  = "test"
          secret_key                  = "test"
          skip_credentials_validation = true
          skip_metadata_api_check     = true
          skip_region_validation      = true
          s3_use_path_style           = true
          max_retries                 = 3

          endpoints {
        %s
          }
        }
        """
            .formatted(REGION, endpoints));
  }

  /** What the services say is there of an installation. */
  JsonNode look(String name) {
    return Terraform.JSON.readTree(String.join("", ask("aws/look.py", url(), REGION, name)));
  }

  /** Runs a script beside the emulator, and returns what it prints. */
  List<String> ask(String script, String... arguments) {
    return askIn(Map.of(), script, arguments);
  }

  List<String> askIn(Map<String, String> environment, String script, String... arguments) {
    List<String> command =
        Stream.concat(
                Stream.of(
                    python.python().toString(),
                    script.startsWith("/") ? script : PythonEnvironment.script(script).toString()),
                Stream.of(arguments))
            .toList();
    PythonEnvironment.Ended ended = PythonEnvironment.run(command, environment);
    assertThat(ended.status()).as(String.join("\n", ended.lines())).isZero();
    return ended.lines();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
