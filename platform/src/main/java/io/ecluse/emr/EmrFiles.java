package io.ecluse.emr;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.storage.Storage;
import io.ecluse.storage.StoredFile;
import io.ecluse.text.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a cluster reads from S3: jars, by their content and once, and passes. A pass is the secret
 * of an application under a name that nobody guesses. Whoever may look at a cluster reads the
 * arguments of its steps, so the secret is none of them; whoever has its name there needs the right
 * to read this folder besides, and comes too late when the application has asked for work.
 */
final class EmrFiles {
  private static final String PASSES = "passes";
  private static final int BYTES = 24;
  private static final Duration OLD = Duration.ofHours(12);

  private final String location;
  private final Function<String, Storage> stores;
  private final SecureRandom random = new SecureRandom();

  EmrFiles(String location, Function<String, Storage> stores) {
    this.location = location.replaceFirst("/+$", "");
    this.stores = stores;
  }

  private Storage open() {
    return stores.apply(location);
  }

  /** Sees to it that a jar is there; returns where. */
  String jar(Path file) {
    String name = "jars/%s/%s".formatted(sha256(file), file.getFileName());
    try (Storage storage = open()) {
      long bytes = Files.size(file);
      Optional<StoredFile> there = storage.find(name);
      if (there.isEmpty() || there.get().bytes() != bytes) {
        storage.upload(file, name);
      }
      return location + "/" + name;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static String sha256(Path file) {
    MessageDigest digest = Sha256.begin();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
      return Sha256.end(digest);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static EcluseException unreadable(Path file, IOException e) {
    return ErrorCode.DISK_FAILED.error("Could not read %s: %s".formatted(file, e.getMessage()), e);
  }

  /** A name for a pass, which is kept before there is one. */
  String passName() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Leaves a secret; returns where. */
  String leave(String pass, String secret) {
    try (Storage storage = open()) {
      storage.write(PASSES + "/" + pass, secret.getBytes(StandardCharsets.UTF_8));
      return location + "/" + PASSES + "/" + pass;
    }
  }

  /** Takes a pass away; one that is gone is fine. */
  void take(String pass) {
    try (Storage storage = open()) {
      storage.delete(List.of(PASSES + "/" + pass));
    }
  }

  /** Takes away the passes that whoever left them has forgotten. */
  void sweep(Instant now) {
    try (Storage storage = open()) {
      storage.delete(
          storage.files(PASSES).stream()
              .filter(f -> f.modifiedAt().isBefore(now.minus(OLD)))
              .map(StoredFile::name)
              .toList());
    }
  }
}
