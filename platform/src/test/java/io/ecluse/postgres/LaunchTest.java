package io.ecluse.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Root with and without user namespaces, and ordinary users. Each way is a real process, which only
 * root can start: as an ordinary user these tests are skipped, and all others of the package show
 * the ordinary way.
 */
class LaunchTest {
  private static final int NOBODY = 65_534;
  private static final int ALICE = 54_321; // a user id that no machine has a name for
  private static final int DAEMON = 1; // a user id that every machine has a name for

  @TempDir Path temporary;
  private Path open;

  @BeforeEach
  void asRoot() throws IOException {
    assumeTrue(Launch.isRoot(), "Only root can become others: the ways to launch are not tested");
    temporary = temporary.toRealPath();
    open = Files.createDirectory(temporary.resolve("open"));
  }

  @Test
  void keepsTheDataOfRootWhereUserNamespacesAreAllowed() throws Exception {
    assumeTrue(namespacesWork(), "This machine forbids user namespaces");
    Path folder = open.resolve("pg");
    try (ServerProcess user = ServerProcess.start(folder)) {
      user.opened();
      assertThat(Launch.owner(folder.resolve("data"))).isZero();
      user.end();
    }
  }

  @Test
  void dropsToNobodyWhereUserNamespacesAreForbidden() throws Exception {
    letOthersThrough();
    Path folder = open.resolve("pg");
    try (ServerProcess user = start(List.of(), folder)) {
      user.opened();
      assertThat(Launch.owner(folder.resolve("data"))).isEqualTo(NOBODY);
      assertThat(capabilities(folder)).isEqualTo("0000000000000000");
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(folder.resolve("password"))))
          .isEqualTo("rw-------");
      user.end();
    }
  }

  @Test
  void passesNobodyThroughFoldersThatAreClosedToOthers() throws Exception {
    Path folder = open.resolve("pg"); // in a temporary folder that is root's alone
    try (ServerProcess user = start(List.of(), folder)) {
      user.opened();
      assertThat(Launch.owner(folder.resolve("data"))).isEqualTo(NOBODY);
      assertThat(capabilities(folder)).as("CAP_DAC_OVERRIDE alone").isEqualTo("0000000000000002");
      user.end();
    }
  }

  @Test
  void unpacksIntoTheFolderWhenTheCacheIsClosedToNobody() throws Exception {
    letOthersThrough();
    Path cache = Files.createDirectory(temporary.resolve("cache"), ownerOnly());
    Path folder = open.resolve("pg");
    try (ServerProcess user =
        ServerProcess.start(
            List.of("setpriv", "--bounding-set=-dac_override,-setpcap"),
            System.getProperty("java.class.path"),
            Map.of("PATH", forbiddingPath(), "XDG_CACHE_HOME", cache.toString()),
            folder)) {
      user.opened();
      assertThat(folder.resolve("programs")).isDirectoryContaining("glob:**postgres-*");
      user.end();
    }
  }

  @Test
  void saysWhatToDoWhenRootCannotLetNobodyIn() throws Exception {
    Path folder = open.resolve("pg");
    try (ServerProcess user =
        start(List.of("setpriv", "--bounding-set=-dac_override,-setpcap"), folder)) {
      assertThat(user.answer())
          .startsWith("refused INVALID_USAGE")
          .contains("refuses to run as root", folder.toString(), "/srv");
    }
  }

  @Test
  void startsTheSameDataEitherWay() throws Exception {
    assumeTrue(namespacesWork(), "This machine forbids user namespaces");
    Path folder = open.resolve("pg");
    try (ServerProcess user = ServerProcess.start(folder)) {
      user.opened();
      user.tell("CREATE TABLE kept AS SELECT 42 AS answer");
      assertThat(user.answer()).isEqualTo("done");
      user.end();
    }
    for (boolean forbidden : List.of(true, false)) {
      try (ServerProcess user =
          forbidden ? start(List.of(), folder) : ServerProcess.start(folder)) {
        user.opened();
        user.tell("INSERT INTO kept SELECT answer FROM kept");
        assertThat(user.answer()).isEqualTo("done");
        user.end();
      }
      assertThat(Launch.owner(folder.resolve("data/PG_VERSION"))).isEqualTo(forbidden ? NOBODY : 0);
    }
  }

  @Test
  void startsAsAnOrdinaryUserWhoseHomeCannotBeWritten() throws Exception {
    letOthersThrough();
    own(open, DAEMON);
    Path folder = open.resolve("pg");
    try (ServerProcess user = ordinaryUser(folder)) {
      user.opened();
      assertThat(Launch.owner(folder.resolve("data"))).isEqualTo(DAEMON);
      user.end();
    }
    // and root at work in the same folder leaves it usable
    try (ServerProcess user = ServerProcess.start(folder)) {
      user.opened();
      user.end();
    }
    try (Stream<Path> files = Files.walk(folder, 2)) {
      assertThat(files.filter(f -> Launch.owner(f) != DAEMON).toList()).isEmpty();
    }
    try (ServerProcess user = ordinaryUser(folder)) {
      user.opened();
      user.end();
    }
  }

  @Test
  void startsAsAUserWithoutAName() throws Exception {
    assumeTrue(namespacesWork(), "This machine forbids user namespaces");
    letOthersThrough();
    own(open, ALICE);
    try (ServerProcess user =
        ServerProcess.start(
            List.of("setpriv", "--reuid=" + ALICE, "--regid=" + ALICE, "--clear-groups"),
            readableClassPath(),
            Map.of("XDG_CACHE_HOME", "", "HOME", "/nonexistent"),
            open.resolve("pg"))) {
      user.opened();
      user.end();
    }
  }

  @Test
  void tellsAnOrdinaryUserWhoseFolderItIs() throws Exception {
    letOthersThrough();
    Path folder = open.resolve("pg");
    try (ServerProcess user = ServerProcess.start(folder)) {
      user.opened();
      user.end();
    }
    try (ServerProcess user = ordinaryUser(folder)) {
      assertThat(user.answer()).startsWith("refused INVALID_USAGE").contains(folder.toString());
    }
  }

  private ServerProcess ordinaryUser(Path folder) throws IOException {
    return ServerProcess.start(
        List.of("setpriv", "--reuid=" + DAEMON, "--regid=" + DAEMON, "--clear-groups"),
        readableClassPath(),
        Map.of("XDG_CACHE_HOME", "", "HOME", "/nonexistent"),
        folder);
  }

  /** A process for which {@code unshare} fails, as it does in most containers. */
  private ServerProcess start(List<String> prefix, Path folder) throws IOException {
    return ServerProcess.start(
        prefix, System.getProperty("java.class.path"), Map.of("PATH", forbiddingPath()), folder);
  }

  private String forbiddingPath() throws IOException {
    Path bin = Files.createDirectories(temporary.resolve("bin"));
    Path unshare = bin.resolve("unshare");
    Files.writeString(
        unshare, "#!/bin/sh\necho 'unshare failed: Operation not permitted'\nexit 1\n");
    Files.setPosixFilePermissions(unshare, PosixFilePermissions.fromString("rwxr-xr-x"));
    return bin + File.pathSeparator + System.getenv("PATH");
  }

  /** What this test's class path has of use to the package, where everybody may read it. */
  private String readableClassPath() throws IOException {
    Path copies = Files.createDirectories(temporary.resolve("classpath"));
    List<String> copied = new ArrayList<>();
    List<String> useful =
        List.of(
            "classes",
            "slf4j",
            "compress",
            "commons-io",
            "commons-lang3",
            "xz",
            "postgres",
            "jspecify");
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path path = Path.of(entry);
      String name = path.getFileName().toString();
      if (useful.stream().noneMatch(name::contains) || !Files.exists(path)) {
        continue;
      }
      Path copy = copies.resolve(name);
      if (!Files.exists(copy)) {
        new ProcessBuilder("cp", "-r", entry, copy.toString()).inheritIO().start().onExit().join();
        new ProcessBuilder("chmod", "-R", "a+rX", copies.toString()).start().onExit().join();
      }
      copied.add(copy.toString());
    }
    return String.join(File.pathSeparator, copied);
  }

  private void letOthersThrough() throws IOException {
    for (Path path : List.of(temporary, open)) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private static java.nio.file.attribute.FileAttribute<?> ownerOnly() {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  }

  private static void own(Path path, int user) throws IOException {
    Files.setAttribute(path, "unix:uid", user, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean namespacesWork() throws Exception {
    return new ProcessBuilder("unshare", "-U", "true").start().waitFor() == 0;
  }

  private static String capabilities(Path folder) throws IOException {
    long pid = Postmaster.of(folder.resolve("data")).orElseThrow().pid();
    return Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")).stream()
        .filter(line -> line.startsWith("CapEff:"))
        .findFirst()
        .orElseThrow()
        .split("\\s+")[1];
  }
}
