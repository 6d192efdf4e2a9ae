package io.ecluse.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolHomeTest {
  @TempDir Path folder;

  /** A Python whose package is of a version; one without has none. */
  private String python(String version) throws IOException {
    Path python = folder.resolve("python-" + version);
    Files.writeString(
        python,
        version.isEmpty()
            ? "#!/bin/sh\nexit 1\n"
            : "#!/bin/sh\necho %s\necho %s\n".formatted(version, folder.resolve("site")));
    assertThat(python.toFile().setExecutable(true)).isTrue();
    return python.toString();
  }

  private static void assertUnfit(
      Map<String, String> variables, String tool, List<String> jars, String... said) {
    assertThatThrownBy(() -> new ToolHome(variables).find(tool, ToolHome.Need.WHOLE, jars))
        .isInstanceOfSatisfying(
            EcluseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SPARK_UNFIT))
        .hasMessageContainingAll(said);
  }

  @Test
  void saysWhatToInstallWhereThereIsNoPackage() throws IOException {
    assertUnfit(
        Map.of("PYSPARK_PYTHON", python("")),
        "pyspark",
        List.of(),
        "has no pyspark: pip install pyspark==4.1.1, or set SPARK_HOME");
    assertUnfit(
        Map.of("PYSPARK_PYTHON", folder.resolve("none").toString()),
        "spark-shell",
        List.of("spark-repl_"),
        "spark-shell needs a whole distribution of Spark 4.1.x");
  }

  @Test
  void refusesAPackageOfAnotherVersion() throws IOException {
    assertUnfit(
        Map.of("PYSPARK_PYTHON", python("3.5.1")), "pyspark", List.of(), "has pyspark 3.5.1");
  }

  @Test
  void refusesASparkOfOnesOwnThatLacksTheToolOrIsOfAnotherVersion() throws IOException {
    Path jars = Files.createDirectories(folder.resolve("own").resolve("jars"));
    Map<String, String> variables =
        Map.of("SPARK_HOME", folder.resolve("own").toString(), "XDG_CACHE_HOME", SparkHome.CACHE);
    Files.writeString(jars.resolve("spark-core_2.12-3.5.1.jar"), "");
    assertUnfit(variables, "pyspark", List.of(), "Spark 3.5.1 for Scala 2.12");

    Files.move(
        jars.resolve("spark-core_2.12-3.5.1.jar"), jars.resolve("spark-core_2.13-4.1.2.jar"));
    assertUnfit(variables, "pyspark", List.of(), "has no bin/pyspark");
    assertUnfit(variables, "spark-shell", List.of("spark-repl_"), "has no spark-repl_…jar");
  }

  @Test
  void takesThePackageThatPythonHas() throws IOException {
    Path jars = Files.createDirectories(folder.resolve("site").resolve("jars"));
    Files.writeString(jars.resolve("spark-core_2.13-4.1.3.jar"), "");
    Map<String, String> variables =
        Map.of("PYSPARK_PYTHON", python("4.1.3"), "XDG_CACHE_HOME", SparkHome.CACHE);

    assertThat(new ToolHome(variables).find("pyspark", ToolHome.Need.WHOLE, List.of()).home())
        .isEqualTo(folder.resolve("site"));
  }
}
