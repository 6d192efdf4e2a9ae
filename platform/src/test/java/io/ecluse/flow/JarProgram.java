package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.TemporaryFolders;
import io.ecluse.spark.SparkHome;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** A program in Java as people make one: compiled against Spark's jars, and packed. */
final class JarProgram {
  private JarProgram() {}

  /**
   * Makes a jar of one class.
   *
   * @param name of the class, as {@code school.Ranks}
   * @param source all of its file
   */
  static void write(Path jar, String name, String source) throws IOException {
    Path folder = TemporaryFolders.create("ecluse-program-");
    try {
      Path file = folder.resolve(name.replace('.', '/') + ".java");
      Files.createDirectories(file.getParent());
      Files.writeString(file, source);
      Path classes = Files.createDirectory(folder.resolve("classes"));
      int errors =
          ToolProvider.getSystemJavaCompiler()
              .run(
                  null,
                  null,
                  null,
                  List.of(
                          "-proc:none",
                          "-nowarn",
                          "-d",
                          classes.toString(),
                          "-cp",
                          classPath(),
                          file.toString())
                      .toArray(String[]::new));
      assertThat(errors).isZero();
      pack(classes, jar);
    } finally {
      TemporaryFolders.delete(folder);
    }
  }

  private static String classPath() throws IOException {
    try (Stream<Path> jars = Files.list(SparkHome.jars())) {
      return jars.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }
  }

  private static void pack(Path classes, Path jar) throws IOException {
    Files.createDirectories(jar.getParent());
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream zip = new JarOutputStream(out);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        zip.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, zip);
        zip.closeEntry();
      }
    }
  }
}
