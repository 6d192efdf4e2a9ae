package io.ecluse;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * How the packages hang together. Read it first: the table below is the map of the platform, in the
 * order of the data, and each line says what a package may use. Whoever needs another arrow adds it
 * here, and says why in the commit.
 */
class ArchitectureTest {
  /**
   * Package, then the packages that it may use. Words of everybody (error, schema, text) are left
   * out.
   */
  private static final Map<String, Set<String>> ARROWS = new LinkedHashMap<>();

  /** What everybody reaches this machine's folders by. */
  private static final Set<String> OF_THE_MACHINE = Set.of("io.ecluse.disk.Disk");

  private static final List<String> WORDS = List.of("error", "schema", "text");

  /** Library, then the packages that may import it. */
  private static final Map<String, Set<String>> LIBRARIES = new LinkedHashMap<>();

  static {
    // words that every stage speaks; they use nothing
    arrow("error");
    arrow("schema");
    arrow("text");

    // what is asked for: files of a project, DAGs as data
    arrow("pipeline");
    arrow("project", "disk", "pipeline");

    // who asks, and what they may
    arrow("access");

    // what a power loss leaves
    arrow("disk");

    // where state lives
    arrow("postgres", "disk");
    arrow("metadata");

    // the data's way: stores, sources, staging, warehouse, queries, models
    arrow("storage", "disk");
    arrow("staging", "disk", "storage");
    arrow("source", "project", "staging", "storage");
    arrow("warehouse", "disk", "storage");
    arrow("engine", "warehouse");
    arrow("duckdb", "engine", "source", "warehouse");
    arrow("decode", "disk", "duckdb", "engine", "source");
    arrow("query", "access", "disk", "duckdb", "engine", "warehouse");
    arrow("transform", "engine", "project", "warehouse");

    // another engine, in processes elsewhere
    arrow("spark", "engine", "project", "serve", "storage", "warehouse");

    // clusters that are made for it and ended
    arrow("emr", "engine", "flow", "pipeline", "project", "scheduler", "spark", "storage");

    // applications on clusters of Hadoop
    arrow("yarn", "disk", "project", "spark");

    // what runs when; it knows a TaskRunner, not the stages
    arrow("scheduler", "pipeline");
    arrow(
        "flow",
        "disk",
        "engine",
        "pipeline",
        "project",
        "query",
        "scheduler",
        "source",
        "staging",
        "transform",
        "warehouse");

    // what there is and how it hangs together, for all doors
    arrow(
        "catalog",
        "access",
        "pipeline",
        "project",
        "scheduler",
        "staging",
        "transform",
        "warehouse");

    // engines of others, whichever server they come by
    arrow("serve", "access", "warehouse");

    // copies of a project
    arrow("backup", "disk", "metadata", "warehouse");

    // the example
    arrow("demo", "disk", "postgres", "project");

    // doors for people: they may use all, and nobody uses them
    arrow(
        "web",
        "access",
        "catalog",
        "engine",
        "flow",
        "metadata",
        "pipeline",
        "project",
        "query",
        "scheduler",
        "serve",
        "staging",
        "warehouse",
        "");
    arrow(
        "cli",
        "access",
        "backup",
        "catalog",
        "demo",
        "disk",
        "engine",
        "flow",
        "metadata",
        "pipeline",
        "project",
        "query",
        "scheduler",
        "source",
        "spark", // its own tools, which people type
        "staging",
        "storage", // what takes batches and tables elsewhere
        "warehouse",
        "web",
        "");

    library("org.apache.iceberg", "serve", "warehouse");
    library("software.amazon.awssdk", "emr", "storage");
    library("org.apache.hadoop", "storage", "yarn");
    library("org.duckdb", "duckdb");
    library("org.apache.arrow", "source", "duckdb");
    library("org.snakeyaml", "project");
    library("com.cronutils", "pipeline");
    library("org.flywaydb", "metadata");
    library("com.zaxxer", "metadata");
    library(
        "org.jdbi",
        "access",
        "metadata",
        "query",
        "scheduler",
        "spark",
        "staging", // where batches were taken, which is checked as they come to exist
        "transform",
        "warehouse");
    library("org.postgresql", "demo", "metadata", "scheduler", "source");
    library("org.apache.commons.compress", "backup", "postgres");
    library("org.dhatim", "decode", "query");
    library("de.siegmar", "decode", "demo", "query");
    library("org.springframework", "web");
    library("org.springdoc", "web");
    library("jakarta", "web");
    library("org.apache.catalina", "web");
    library("org.apache.coyote", "web");
    library("org.apache.tomcat", "web");
    library("picocli", "cli");
  }

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.ecluse");

  private static void arrow(String from, String... to) {
    Set<String> allowed = new TreeSet<>(Arrays.asList(to));
    allowed.add(from);
    allowed.addAll(WORDS);
    ARROWS.put(from, allowed);
  }

  private static void library(String name, String... users) {
    LIBRARIES.put(name, Set.of(users));
  }

  @Test
  void packagesUseOnlyWhatTheTableAllows() {
    Set<String> forbidden = new TreeSet<>();
    for (JavaClass from : CLASSES) {
      if (stage(from).isEmpty()) {
        continue; // Platform wires everything
      }
      Set<String> allowed = ARROWS.getOrDefault(stage(from), Set.of());
      from.getDirectDependenciesFromSelf().stream()
          .map(d -> d.getTargetClass().getBaseComponentType())
          .filter(t -> t.getPackageName().startsWith("io.ecluse"))
          .filter(t -> !allowed.contains(stage(t)))
          .forEach(
              t ->
                  forbidden.add(
                      stage(from)
                          + " → "
                          + stage(t)
                          + ": "
                          + from.getSimpleName()
                          + " uses "
                          + t.getSimpleName()));
    }
    assertThat(forbidden).isEmpty();
  }

  @Test
  void everyArrowIsUsed() {
    Set<String> unused = new TreeSet<>();
    ARROWS.forEach((from, to) -> to.forEach(t -> unused.add(from + " → " + t)));
    for (JavaClass from : CLASSES) {
      from.getDirectDependenciesFromSelf()
          .forEach(
              d ->
                  unused.remove(
                      stage(from) + " → " + stage(d.getTargetClass().getBaseComponentType())));
    }
    unused.removeIf(arrow -> WORDS.contains(arrow.replaceFirst(".* → ", "")));
    assertThat(unused).isEmpty();
  }

  @Test
  void everyPackageIsInTheTableAndEveryLineOfItIsAPackage() {
    Set<String> packages = new TreeSet<>();
    CLASSES.forEach(c -> packages.add(stage(c)));
    packages.remove("");
    assertThat(packages).isEqualTo(new TreeSet<>(ARROWS.keySet()));
  }

  @Test
  void aLibraryIsImportedByThePackagesThatOwnIt() {
    LIBRARIES.forEach(
        (library, users) -> {
          String[] owners = users.stream().map(u -> "io.ecluse." + u + "..").toArray(String[]::new);
          noClasses()
              .that(resideInAPackage("io.ecluse..").and(resideOutsideOfPackages(owners)))
              .should()
              .dependOnClassesThat(resideInAPackage(library + ".."))
              .because(library + " belongs to " + users)
              .check(CLASSES);
        });
  }

  /** Kinds of sources: what one knows, no other and nobody else does. */
  @Test
  void aSubPackageIsKnownToItselfAndToWhoRegistersIt() {
    Set<String> forbidden = new TreeSet<>();
    for (JavaClass from : CLASSES) {
      from.getDirectDependenciesFromSelf().stream()
          .map(d -> d.getTargetClass().getBaseComponentType())
          .filter(t -> t.getPackageName().matches("io\\.ecluse\\.\\w+\\..*"))
          .filter(t -> !t.getPackageName().equals(from.getPackageName()))
          .filter(t -> !from.getFullName().equals(Registrations.class.getName()))
          .forEach(t -> forbidden.add(from.getName() + " uses " + t.getName()));
    }
    assertThat(forbidden).isEmpty();
  }

  /**
   * What the platform is made of is made in one place. Values are no part of it, and a stage may
   * make its own anew, as for another fence.
   */
  @Test
  void stagesArePutTogetherByTheRootPackageOnly() {
    Set<String> roots = new TreeSet<>();
    for (JavaClass from : CLASSES) {
      if (stage(from).isEmpty()) {
        from.getConstructorCallsFromSelf().stream()
            .map(c -> c.getTargetOwner())
            .filter(t -> ARROWS.containsKey(stage(t)) && !WORDS.contains(stage(t)))
            .filter(t -> !t.isRecord() && !OF_THE_MACHINE.contains(t.getName()))
            .forEach(t -> roots.add(t.getName()));
      }
    }
    Set<String> forbidden = new TreeSet<>();
    for (JavaClass from : CLASSES) {
      if (!stage(from).isEmpty()) {
        from.getConstructorCallsFromSelf().stream()
            .map(c -> c.getTargetOwner())
            .filter(t -> roots.contains(t.getName()) && !stage(t).equals(stage(from)))
            .forEach(t -> forbidden.add(from.getName() + " makes a " + t.getSimpleName()));
      }
    }
    assertThat(forbidden).isEmpty();
  }

  @Test
  void thePlatformIsWiredInTheOrderOfTheData() throws IOException {
    String source = Files.readString(Path.of("src/main/java/io/ecluse/Platform.java"));
    List<String> comments =
        source.lines().map(String::strip).filter(l -> l.startsWith("// ")).toList();
    assertThat(comments)
        .containsExactly(
            "// the project",
            "// metadata",
            "// staging, warehouse, queries",
            "// sources, transforms",
            "// flows and what runs them");
  }

  @Test
  void filesAreShortEnoughToRead() throws IOException {
    Set<String> tooLong = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        int lines = Files.readAllLines(file).size();
        if (lines > 400) {
          tooLong.add(file + ": " + lines);
        }
      }
    }
    assertThat(tooLong).isEmpty();
  }

  /** The stage of a class: the package below io.ecluse; empty for Platform itself. */
  private static String stage(JavaClass type) {
    String below = type.getPackageName().replaceFirst("^io\\.ecluse\\.?", "");
    int dot = below.indexOf('.');
    return dot < 0 ? below : below.substring(0, dot);
  }
}
