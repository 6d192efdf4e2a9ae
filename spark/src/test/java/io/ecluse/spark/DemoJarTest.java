package io.ecluse.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The jar of the demo is of the source beside it, which only this module can compile; {@code
 * -Decluse.golden=write} makes it anew. Whether it works is tried by a run of the demo's DAG.
 */
class DemoJarTest {
  private static final Path JOBS =
      Path.of("..", "platform", "src", "main", "resources", "templates", "supinfo", "jobs");
  private static final Path SOURCE = JOBS.resolve("AverageGrades.java");
  private static final Path JAR = JOBS.resolve("average_grades.jar");
  private static final String OF = "Source-SHA-256";

  @TempDir Path folder;

  @Test
  void theJarIsOfTheSourceBesideIt() throws IOException, NoSuchAlgorithmException {
    String sum =
        HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(SOURCE)));
    if ("write".equals(System.getProperty("ecluse.golden"))) {
      write(sum);
    }
    try (JarFile jar = new JarFile(JAR.toFile())) {
      assertThat(jar.getManifest().getMainAttributes().getValue(OF))
          .as("rewrite with -Decluse.golden=write: %s", JAR)
          .isEqualTo(sum);
      assertThat(jar.stream().map(ZipEntry::getName))
          .containsExactly("META-INF/MANIFEST.MF", "AverageGrades.class");
    }
  }

  private void write(String sum) throws IOException {
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(
                    null,
                    null,
                    null,
                    "--release",
                    "17",
                    "-d",
                    folder.toString(),
                    SOURCE.toString()))
        .isZero();
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(JAR));
        Stream<Path> classes = Files.list(folder)) {
      put(
          zip,
          "META-INF/MANIFEST.MF",
          "Manifest-Version: 1.0\r\n%s: %s\r\n\r\n"
              .formatted(OF, sum)
              .getBytes(StandardCharsets.UTF_8));
      for (Path file : classes.sorted().toList()) {
        put(zip, String.valueOf(file.getFileName()), Files.readAllBytes(file));
      }
    }
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTime(0);
    zip.putNextEntry(entry);
    zip.write(content);
  }
}
