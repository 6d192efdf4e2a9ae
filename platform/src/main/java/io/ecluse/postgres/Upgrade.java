package io.ecluse.postgres;

import io.ecluse.error.ErrorCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the data of an older major version to ours: the older programs serve them once more, what
 * is in them is carried into new data beside, which must then hold the same, and the new take the
 * old ones' name. Called under the folder's lock.
 *
 * <p>The old data are only read until then, so one that was killed begins anew; after, they stay
 * for a while under another name. The file {@code upgrade.ready} is the step that decides: once it
 * is there, whoever comes next finishes the renaming.
 */
record Upgrade(ServerFiles files, Map<String, String> options, Launch launch, Path binaries) {
  private static final Logger log = LoggerFactory.getLogger(Upgrade.class);
  private static final String WORK = "upgrade";
  private static final String READY = "upgrade.ready";
  private static final String KEPT = "data.postgres-";
  private static final Duration KEEP = Duration.ofDays(7);

  /** Does all of it, and returns when the data are ours. */
  void run(String major, Upgrading upgrading) {
    long begin = System.nanoTime();
    log.warn(
        "{} was made by PostgreSQL {} and is being brought to {}; nothing is changed in it until that is done",
        files.data(),
        major,
        PostgresBinaries.VERSION);
    Path work = files.folder().resolve(WORK);
    try {
      ServerFiles.delete(work); // of one that was killed
      Path written = Files.createDirectories(work.resolve("old"));
      Path former =
          new FormerPrograms(files, FormerPrograms.Places.beside(binaries, upgrading.repository()))
              .unpacked(major);
      List<String> databases = write(former, upgrading, written);
      Path draft = new DataFolder(files).draft(binaries, launch);
      read(draft, databases, upgrading, work);
      requireSame(written, work.resolve("new"));
      files.write(READY, draft.getFileName() + "\n" + KEPT + major + "\n");
      finish();
    } catch (SQLException e) {
      throw ErrorCode.INTERNAL.error(
          "%s of PostgreSQL %s could not be brought to %s, and is as it was: %s"
              .formatted(files.data(), major, PostgresBinaries.VERSION, e.getMessage()),
          e);
    } catch (IOException e) {
      throw ServerFiles.failed(
          "bring %s of PostgreSQL %s to %s"
              .formatted(files.data(), major, PostgresBinaries.VERSION),
          e);
    } finally {
      ServerFiles.delete(work);
      if (!Files.exists(files.folder().resolve(READY))) {
        new DataFolder(files).deleteDrafts();
      }
    }
    log.warn(
        "{} is of PostgreSQL {} now, after {} ms; what it was stays in {} for {} days",
        files.data(),
        PostgresBinaries.VERSION,
        (System.nanoTime() - begin) / 1_000_000,
        files.folder().resolve(KEPT + major),
        KEEP.toDays());
  }

  private List<String> write(Path former, Upgrading upgrading, Path written)
      throws SQLException, IOException {
    try (UpgradeServer old = UpgradeServer.start(files, launch, former, files.data(), options)) {
      List<String> databases = old.databases();
      for (String database : databases) {
        if (!upgrading.databases().containsKey(database)) {
          throw ErrorCode.CONFLICT.error(
              "%s has a database %s, which Écluse did not make and cannot bring to another version of PostgreSQL; move it elsewhere with the older version, drop it, and start again"
                  .formatted(files.data(), database));
        }
        dump(old, database, upgrading, written);
      }
      return databases;
    }
  }

  private void read(Path draft, List<String> databases, Upgrading upgrading, Path work)
      throws SQLException, IOException {
    try (UpgradeServer ours = UpgradeServer.start(files, launch, binaries, draft, options)) {
      for (String database : databases) {
        try (Connection connection = ours.connect("postgres");
            Statement statement = connection.createStatement()) {
          statement.execute("CREATE DATABASE " + statement.enquoteIdentifier(database, true));
        }
        Path from = work.resolve("old").resolve(database);
        Objects.requireNonNull(upgrading.databases().get(database))
            .read(ours.jdbcUrl(database), ours.superuser(), from);
        dump(ours, database, upgrading, work.resolve("new"));
      }
    }
  }

  private static void dump(UpgradeServer server, String database, Upgrading upgrading, Path into)
      throws SQLException, IOException {
    Path folder = Files.createDirectories(into.resolve(database));
    try (Connection connection = server.connect(database)) {
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setReadOnly(true);
      Objects.requireNonNull(upgrading.databases().get(database)).write(connection, folder);
    }
  }

  private void requireSame(Path old, Path now) throws IOException {
    if (!contents(old).equals(contents(now))) {
      throw ErrorCode.INTERNAL.error(
          "What was carried from %s to PostgreSQL %s is not what it was, so it is dropped and the data are as they were; %s tells more"
              .formatted(files.data(), PostgresBinaries.VERSION, files.log()));
    }
  }

  /** What each file holds, in whatever order its lines are: their number and the sum of hashes. */
  private static Map<Path, List<Long>> contents(Path folder) throws IOException {
    Map<Path, List<Long>> contents = new TreeMap<>();
    if (!Files.isDirectory(folder)) {
      return contents;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        long lines = 0;
        long sum = 0;
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
          for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            lines++;
            sum += hash(line);
          }
        }
        contents.put(folder.relativize(file), List.of(lines, sum));
      }
    }
    return contents;
  }

  /** FNV-1a, of 64 bits. */
  private static long hash(String line) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < line.length(); i++) {
      hash = (hash ^ line.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }

  /**
   * Stops the servers of an upgrade whose process was killed: whoever comes next is taken for their
   * user, and would join the old one, or wait for the new.
   */
  static void stopWhatIsLeft(ServerFiles files) {
    if (!Files.exists(files.folder().resolve(WORK))) {
      return;
    }
    try (Stream<Path> all = Files.list(files.folder())) {
      all.filter(p -> p.getFileName().toString().matches("data|" + DataFolder.DRAFT + ".*"))
          .forEach(UpgradeServer::stopIfLeft);
    } catch (IOException e) {
      throw ServerFiles.failed("list " + files.folder(), e);
    }
  }

  /** Gives the new data their name, if that is what is left to do. */
  void finish() {
    Path ready = files.folder().resolve(READY);
    if (!Files.exists(ready)) {
      return;
    }
    try {
      List<String> lines = Files.readAllLines(ready);
      Path draft = files.folder().resolve(lines.get(0));
      Path kept = files.folder().resolve(lines.get(1));
      if (Files.exists(draft)) { // else it has its name already
        if (Files.exists(files.data())) {
          ServerFiles.delete(kept);
          Files.move(files.data(), kept);
        }
        files.appear(draft);
        Files.setLastModifiedTime(kept, FileTime.from(Instant.now()));
      } else if (!Files.exists(files.data()) && Files.exists(kept)) {
        files.appear(kept); // somebody took the new ones away
      }
      Files.delete(ready);
    } catch (IOException e) {
      throw ServerFiles.failed("finish the upgrade of " + files.data(), e);
    }
  }

  /** Removes data of an older version that have stayed long enough. */
  void forget() {
    try (Stream<Path> all = Files.list(files.folder())) {
      for (Path kept : all.filter(p -> p.getFileName().toString().startsWith(KEPT)).toList()) {
        if (Files.getLastModifiedTime(kept).toInstant().isBefore(Instant.now().minus(KEEP))) {
          ServerFiles.delete(kept);
        }
      }
    } catch (IOException e) {
      throw ServerFiles.failed("list " + files.folder(), e);
    }
  }
}
