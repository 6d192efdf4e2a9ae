package io.ecluse.backup;

import io.ecluse.disk.Disk;
import io.ecluse.error.ErrorCode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * A backup in one file. Unpacked it is a folder of backups with one moment, and its list comes last
 * here too, so what was cut off has none. It is read from its beginning to its end, once.
 */
record BackupFile(Path file, Disk disk) implements Place {
  /** Where the first entry's name begins. */
  private static final int ZIP_NAME = 30;

  private static final Pattern OWN = Pattern.compile("moments/([^/]+)/(.+)");
  private static final Pattern SHARED = Pattern.compile("files/(.+)");

  static boolean isTar(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".tar");
  }

  /** Whether a file of a project is a backup, by its ending and what comes first in it. */
  static boolean isOne(Path file) {
    if (!file.getFileName().toString().matches("(?i).*\\.(zip|tar)(\\.draft)?")) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      String head = new String(in.readNBytes(ZIP_NAME + 16), StandardCharsets.ISO_8859_1);
      return head.startsWith("moments/")
          || head.startsWith("PK") && head.startsWith("moments/", ZIP_NAME);
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public boolean holds(Path path) {
    return path.equals(file) || path.equals(FileDraft.draft(file));
  }

  @Override
  public Draft begin(Instant now) throws IOException {
    if (Files.exists(file)) {
      throw ErrorCode.ALREADY_EXISTS.error(
          "%s is there already, and a file holds one backup; choose another name, or a folder, to which only what is new is added"
              .formatted(file));
    }
    return FileDraft.begin(file, Backups.name(now), disk);
  }

  @Override
  public List<Backups.Kept> list() throws IOException {
    if (!Files.exists(file)) {
      throw Backups.none(file);
    }
    Reading reading = new Reading((name, content) -> {});
    entries(reading);
    List<Line> lines = reading.lines(file);
    return List.of(
        new Backups.Kept(
            reading.moment.orElse(""), lines.size(), lines.stream().mapToLong(Line::bytes).sum()));
  }

  @Override
  public Moment moment(Optional<String> at) throws IOException {
    if (at.isPresent()) {
      Backups.choose(list(), at, file);
    } else if (!Files.exists(file)) {
      throw Backups.none(file);
    }
    return taker -> {
      Reading reading = new Reading(taker);
      entries(reading);
      return reading.lines(file);
    };
  }

  @Override
  public int keep(int moments) {
    return 0; // it has one
  }

  private void entries(Moment.Taker taker) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      if (isTar(file)) {
        TarArchiveInputStream tar = new TarArchiveInputStream(in);
        for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
          if (e.isFile()) {
            taker.take(e.getName(), tar);
          }
        }
      } else {
        ZipInputStream zip = new ZipInputStream(in);
        for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
          if (!e.isDirectory()) {
            taker.take(e.getName(), zip);
          }
        }
      }
    }
  }

  /** Tells the moment's files from the list of them. */
  private static final class Reading implements Moment.Taker {
    private final Moment.Taker taker;
    private final List<Line> lines = new ArrayList<>();
    private Optional<String> moment = Optional.empty();

    Reading(Moment.Taker taker) {
      this.taker = taker;
    }

    @Override
    public void take(String entry, InputStream content) throws IOException {
      Matcher shared = SHARED.matcher(entry);
      Matcher own = OWN.matcher(entry);
      if (shared.matches()) {
        taker.take(shared.group(1), content);
      } else if (own.matches() && !own.group(2).equals(BackupFolder.LIST)) {
        taker.take(own.group(2), content);
      } else if (own.matches()) {
        if (moment.isPresent()) {
          throw new IOException("it holds several moments; unpack it and use the folder");
        }
        moment = Optional.of(own.group(1));
        new String(content.readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .map(Line::parse)
            .forEach(lines::add);
      }
    }

    List<Line> lines(Path file) {
      if (moment.isEmpty()) {
        throw ErrorCode.DATA_CORRUPT.error(
            "%s is no whole backup: the list of files, which comes last, is missing; it is cut off, or something else"
                .formatted(file));
      }
      return lines;
    }
  }
}
