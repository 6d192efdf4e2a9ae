package io.ecluse.spark;

import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where Spark's own tools come from: {@code SPARK_HOME}, else the package {@code pyspark} that this
 * machine's Python has, either of which is a whole distribution; else the jars that are fetched,
 * which have no tool but submission.
 */
final class ToolHome {
  private static final String PYTHON = "python3";
  private static final String WHERE =
      "import os, pyspark; print(pyspark.__version__); print(os.path.dirname(pyspark.__file__))";

  private final Map<String, String> variables;

  /**
   * @param variables environment variables
   */
  ToolHome(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  /** Whether a tool works with jars alone. */
  enum Need {
    JARS,
    WHOLE
  }

  /**
   * Finds Spark for a tool.
   *
   * @param tool its word
   * @param jars which it must have, by the beginnings of their names
   * @throws io.ecluse.error.EcluseException SPARK_UNFIT, CLUSTER_UNREACHABLE
   */
  SparkDistribution.Found find(String tool, Need need, List<String> jars) {
    if (!variables.getOrDefault("SPARK_HOME", "").isBlank()) {
      SparkDistribution.Found found = new SparkDistribution(variables).find(jars);
      if (need == Need.WHOLE && script(found.home(), tool).isEmpty()) {
        throw ErrorCode.SPARK_UNFIT.error(
            "SPARK_HOME is %s, which has no bin/%s; set it to a whole distribution of Spark %s, as pip install pyspark==%s brings one"
                .formatted(found.home(), tool, SparkVersions.SPARK, SparkVersions.SPARK));
      }
      return found;
    }
    if (need == Need.JARS && jars.isEmpty()) {
      return new SparkDistribution(variables).find(jars);
    }
    Map<String, String> withHome = new HashMap<>(variables);
    withHome.put("SPARK_HOME", ofPython(tool).toString());
    return new SparkDistribution(withHome).find(jars);
  }

  /** The tool itself, where there is one. */
  static Optional<Path> script(Path home, String tool) {
    return Optional.of(home.resolve("bin").resolve(tool)).filter(Files::isRegularFile);
  }

  private Path ofPython(String tool) {
    String python =
        variables.getOrDefault(
            "PYSPARK_DRIVER_PYTHON", variables.getOrDefault("PYSPARK_PYTHON", PYTHON));
    List<String> said = said(python);
    String what = said.isEmpty() ? "no pyspark" : "pyspark " + said.get(0);
    if (said.size() < 2 || !said.get(0).startsWith(SparkVersions.LINE)) {
      throw ErrorCode.SPARK_UNFIT.error(
          "%s needs a whole distribution of Spark %sx, and %s has %s: pip install pyspark==%s, or set SPARK_HOME to one"
              .formatted(tool, SparkVersions.LINE, python, what, SparkVersions.SPARK));
    }
    return Path.of(said.get(1));
  }

  /** Version and folder of its package; nothing if it has none, or if there is no Python. */
  private static List<String> said(String python) {
    try {
      Process process =
          new ProcessBuilder(python, "-c", WHERE)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? out.lines().toList() : List.of();
    } catch (IOException e) {
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ErrorCode.CANCELLED.error("Spark was being looked for", e);
    }
  }
}
