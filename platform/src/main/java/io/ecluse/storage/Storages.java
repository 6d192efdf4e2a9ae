package io.ecluse.storage;

import io.ecluse.disk.Disk;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes the {@link Storage} of a location. */
public final class Storages {
  private static final Pattern SCHEME = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*):(?=.)");
  private static final Pattern S3 = Pattern.compile("(?i:s3)://([^/]+)/?(.*)");
  private static final Pattern HDFS = Pattern.compile("(?i:hdfs)://([^/]+)(/.*)?");

  private Storages() {}

  /** Whether a location is on another machine. */
  public static boolean isRemote(String location) {
    Matcher scheme = SCHEME.matcher(location);
    return scheme.lookingAt() && !scheme.group(1).equalsIgnoreCase("file");
  }

  /**
   * A storage that connects when it is first used.
   *
   * @param location a folder, {@code s3://bucket/folder} or {@code hdfs://host:port/folder}
   * @param settings asked when it connects, and not before
   * @throws EcluseException INVALID_PROJECT when the location is none of these
   */
  public static Storage open(String location, Supplier<StorageSettings> settings) {
    return open(location, settings, new Disk());
  }

  /**
   * As {@link #open(String, Supplier)}.
   *
   * @param disk of this machine, if the location is a folder
   */
  public static Storage open(String location, Supplier<StorageSettings> settings, Disk disk) {
    if (!isRemote(location)) {
      return new LocalStorage(
          Path.of(location.replaceFirst("^(?i:file):(//)?", "")).toAbsolutePath().normalize(),
          disk);
    }
    Matcher s3 = S3.matcher(location);
    if (s3.matches()) {
      return new S3Storage(s3.group(1), withoutSlashes(s3.group(2)), () -> settings.get().s3());
    }
    Matcher hdfs = HDFS.matcher(location);
    if (hdfs.matches()) {
      String folder = hdfs.group(2) == null ? "" : withoutSlashes(hdfs.group(2));
      return new HdfsStorage(
          URI.create("hdfs://" + hdfs.group(1)), folder, () -> settings.get().hdfs());
    }
    throw ErrorCode.INVALID_PROJECT.error(
        "%s is no location; it must be a folder, s3://bucket/folder or hdfs://host:port/folder"
            .formatted(location.toLowerCase(Locale.ROOT).startsWith("s3") ? "s3" : location));
  }

  private static String withoutSlashes(String path) {
    return path.replaceAll("/{2,}", "/").replaceFirst("^/", "").replaceFirst("/$", "");
  }
}
