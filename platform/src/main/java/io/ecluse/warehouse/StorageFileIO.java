package io.ecluse.warehouse;

import io.ecluse.disk.Disk;
import io.ecluse.error.ErrorCode;
import io.ecluse.storage.Checksums;
import io.ecluse.storage.Places;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.inmemory.InMemoryInputFile;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;

/**
 * Iceberg's files in the storage of a warehouse. Iceberg names them by whole locations; within the
 * warehouse, whatever it was called when that was written, a file's name is what follows the
 * warehouse's root, and only that tells where it is. Local files are read where they are, without
 * Hadoop, whose file system takes half a second to start; others by their copies here.
 *
 * <p>It only reads: what is written goes by way of {@link Drafts}. Safe for use by several threads.
 */
final class StorageFileIO implements FileIO {
  private static final long serialVersionUID = 1L;

  private final transient Places places;
  private final transient Disk disk;
  private transient volatile Roots roots;

  /** Where the warehouse is, and all that it was called, the longest first. */
  private record Roots(String here, List<String> all) {
    static Roots of(String here, List<String> former) {
      List<String> all = new ArrayList<>(former);
      all.add(here);
      all.sort(Comparator.comparing(String::length).reversed());
      return new Roots(here, all);
    }
  }

  StorageFileIO(Places places, Disk disk) {
    this.places = places;
    this.disk = disk;
    this.roots = Roots.of(places.storage().location().replaceFirst("/+$", ""), List.of());
  }

  /** From now on, files of the former roots are taken for those of one. */
  void settled(String here, List<String> former) {
    roots = Roots.of(here, former);
  }

  Places places() {
    return places;
  }

  Disk disk() {
    return disk;
  }

  boolean isLocal() {
    return places.isLocal();
  }

  boolean hasMoved() {
    return roots.all.size() > 1;
  }

  /** The warehouse's location. */
  String root() {
    return roots.here;
  }

  /** How Iceberg names a file. */
  String location(String name) {
    return isWithin(name) ? roots.here + "/" + name : name;
  }

  /** The name of a file within the warehouse; the location itself if it is elsewhere. */
  String name(String location) {
    String plain = plain(location);
    for (String root : roots.all) {
      if (plain.startsWith(root) && plain.startsWith("/", root.length())) {
        return plain.substring(root.length() + 1);
      }
    }
    return plain;
  }

  /** Whether a location of something in the warehouse says where that was before. */
  boolean isNamedBefore(String location) {
    return isWithin(name(location)) && !plain(location).startsWith(roots.here + "/");
  }

  /** Whether it is a name, and not the location of something elsewhere. */
  static boolean isWithin(String name) {
    return !name.startsWith("/") && !name.contains("://");
  }

  /** Any engine may have written it: with or without {@code file:}. */
  private static String plain(String location) {
    return location.startsWith("file:") ? URI.create(location).getPath() : location;
  }

  /** Where a file is on this machine, if the warehouse is. */
  Path path(String location) {
    return Path.of(roots.here).resolve(name(location));
  }

  /** What reads a file: its path, if the warehouse is on this machine, else its name. */
  String readable(String location) {
    return isLocal() ? path(location).toString() : within(location);
  }

  /** What a copy of a file is known by. */
  String key(String name) {
    return Checksums.sha256(roots.here + " " + name);
  }

  @Override
  public InputFile newInputFile(String location) {
    if (isLocal()) {
      return org.apache.iceberg.Files.localInput(path(location).toFile());
    }
    String name = within(location);
    byte[] content =
        places
            .small(name, key(name), disk)
            .orElseThrow(() -> new NotFoundException("%s is missing", places.where(name)));
    return new InMemoryInputFile(location, content);
  }

  /** The name of what must be in the warehouse. */
  String within(String location) {
    String name = name(location);
    if (!isWithin(name)) {
      throw ErrorCode.WAREHOUSE_MISMATCH.error(
          "%s is not in the warehouse %s, and nothing else is read; was the table made by another engine?"
              .formatted(location, roots.here));
    }
    return name;
  }

  @Override
  public OutputFile newOutputFile(String location) {
    throw new UnsupportedOperationException("Nothing is written but drafts: " + location);
  }

  @Override
  public void deleteFile(String location) {
    throw new UnsupportedOperationException("Nothing is deleted but by a sweep: " + location);
  }
}
