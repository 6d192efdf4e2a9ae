package io.ecluse.storage;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A folder of files on this machine or another. A file appears whole or not at all, and is never
 * changed, only replaced or deleted.
 *
 * <p>Names are within the folder, with slashes; the folder itself is the empty name. Nothing is
 * connected to before it is needed. What fails for a moment (a connection cut, a store that asks to
 * slow down) is tried again with growing pauses; what does not is an EcluseException:
 * STORAGE_UNREACHABLE, STORAGE_REFUSED, DISK_FULL, or INTERNAL on the local disk.
 *
 * <p>Safe for use by several threads and processes.
 */
public interface Storage extends AutoCloseable {
  /** Where it is, for people; never a secret. */
  String location();

  /**
   * What programs of others need to know to get there, in the words of Iceberg's library; they have
   * keys of their own, and get none here.
   */
  default Map<String, String> access() {
    return Map.of();
  }

  /** What lets others read and make files by requests of their own; empty if that is by paths. */
  default Optional<RequestSigner> signer() {
    return Optional.empty();
  }

  /** Where a file or folder is on this machine; empty if the storage is elsewhere. */
  Optional<Path> local(String name);

  /** Names, without their path, of the folders in a folder; none if it is not there. */
  List<String> folders(String folder);

  /** The files in a folder and below, in the order of their names; none if it is not there. */
  List<StoredFile> files(String folder);

  Optional<StoredFile> find(String name);

  /** The SHA-256 of a file, in hexadecimal, if the storage can tell it. */
  default Optional<String> sha256(String name) {
    return Optional.empty();
  }

  /** How many bytes more can be stored, if there is a bound. */
  default OptionalLong room() {
    return OptionalLong.empty();
  }

  /** All of a small file. */
  Optional<byte[]> read(String name);

  /** The end of a file, of so many bytes, or all of a smaller one; empty if there is none. */
  Optional<byte[]> end(String name, int bytes);

  /**
   * Brings a file to this machine.
   *
   * @param file which must not be there yet; never left half written
   * @return whether there was such a file
   */
  boolean download(String name, Path file);

  /** Stores a local file and makes sure that the store has all of it, as it is here. */
  void upload(Path file, String name);

  /** Stores a small file. */
  void write(String name, byte[] content);

  /**
   * Gives a file a second name. Both live on their own.
   *
   * @return whether there was such a file
   */
  boolean copy(String from, String to);

  /**
   * Returns when what was put into a folder by other means than this, where it is on this machine,
   * would be there after a power loss; what this stores is that at once.
   */
  void settle(String folder);

  /** Deletes files; one that is not there is fine. A folder left empty by it goes too. */
  void delete(List<String> names);

  /** Forgets uploads to a folder that began before this time and never ended. */
  void sweep(String folder, Instant before);

  @Override
  void close();
}
