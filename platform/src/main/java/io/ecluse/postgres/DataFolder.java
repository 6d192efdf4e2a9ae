package io.ecluse.postgres;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the data of a server, which appear whole or not at all. Called under the folder's lock. */
record DataFolder(ServerFiles files) {
  private static final Logger log = LoggerFactory.getLogger(DataFolder.class);
  private static final long INIT_SECONDS = 300;
  static final String DRAFT = "data.draft-";

  void initialise(Path binaries, Launch launch) {
    files.writePassword();
    try {
      files.appear(draft(binaries, launch));
    } catch (IOException e) {
      throw ServerFiles.failed("make " + files.data(), e);
    } finally {
      deleteDrafts();
    }
  }

  /** Makes data that have no name yet, with the password that there is. */
  Path draft(Path binaries, Launch launch) {
    deleteDrafts();
    Path handed = files.write("password.handed", files.password() + "\n");
    long before = files.prepareLog();
    try {
      Path draft = Files.createTempDirectory(files.folder(), DRAFT);
      launch.own(draft);
      launch.own(handed);
      initdb(binaries, launch, draft, handed, before);
      return draft;
    } catch (IOException e) {
      throw ServerFiles.failed("make " + files.data(), e);
    } finally {
      ServerFiles.delete(handed);
    }
  }

  /**
   * Deletes what killed processes left. Their initdb may be at work still: each draft has a name of
   * its own, and what cannot be deleted now is next time.
   */
  void deleteDrafts() {
    try (DirectoryStream<Path> drafts = Files.newDirectoryStream(files.folder(), DRAFT + "*")) {
      drafts.forEach(ServerFiles::delete);
    } catch (IOException | EcluseException e) {
      log.debug("Left a draft in {}: {}", files.folder(), e.getMessage());
    }
  }

  private void initdb(Path binaries, Launch launch, Path draft, Path handed, long before)
      throws IOException {
    List<String> program =
        List.of(
            binaries.resolve("bin/initdb").toString(),
            "--pgdata=" + draft,
            "--username=" + PostgresServer.USER,
            "--pwfile=" + handed,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            // PostgreSQL's own Unicode: the same letters and order whatever the machine has
            "--no-locale",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
            "--set=shared_buffers=" + ServerOptions.FRUGAL.get("shared_buffers"),
            "--set=max_connections=" + ServerOptions.FRUGAL.get("max_connections"),
            "--set=dynamic_shared_memory_type=mmap",
            // nobody guesses a random password, and each connection would pay for thousands of
            // rounds
            "--set=" + ServerOptions.ROUNDS);
    try {
      Process process =
          ServerOptions.environment(new ProcessBuilder(launch.command(program)))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(files.log().toFile()))
              .start();
      if (!process.waitFor(INIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroy();
        throw ErrorCode.TIMED_OUT.error(
            "Making the private PostgreSQL in %s took over %d s; is its disk very slow?"
                .formatted(files.folder(), INIT_SECONDS));
      }
      if (process.exitValue() != 0) {
        throw StartFailure.of(files, "could not be made", before);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ErrorCode.CANCELLED.error("Interrupted while PostgreSQL was made", e);
    }
  }

  /**
   * Refuses data that the programs cannot read; returns their major version if it is an older one,
   * from which they can be brought to ours.
   */
  Optional<String> check(Optional<Upgrading> upgrading) {
    String major = majorOf(files.data());
    if (major.isEmpty()) {
      throw ErrorCode.DATA_CORRUPT.error(
          "%s holds no data of PostgreSQL (PG_VERSION is missing); restore it from a backup, or move %s away to begin anew"
              .formatted(files.data(), files.folder()));
    }
    if (PostgresBinaries.VERSION.startsWith(major + ".")) {
      return Optional.empty();
    }
    if (upgrading.isPresent() && isOlder(major)) {
      return Optional.of(major);
    }
    throw ErrorCode.DATA_CORRUPT.error(
        "%s was made by PostgreSQL %s, but this platform brings %s; copy it with ecluse backup of the platform that made it, then make it anew with ecluse restore of this one"
            .formatted(files.data(), major, PostgresBinaries.VERSION));
  }

  /** The major version that made data; empty if there are none. */
  static String majorOf(Path data) {
    Path file = data.resolve("PG_VERSION");
    try {
      return Files.exists(file) ? Files.readString(file).strip() : "";
    } catch (IOException e) {
      throw ServerFiles.failed("read " + file, e);
    }
  }

  private static boolean isOlder(String major) {
    int ours = Integer.parseInt(PostgresBinaries.VERSION.replaceFirst("\\..*", ""));
    return major.matches("\\d{1,4}") && Integer.parseInt(major) < ours;
  }
}
