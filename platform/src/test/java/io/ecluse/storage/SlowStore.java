package io.ecluse.storage;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * A store elsewhere, as slow as a test wants: what it holds is in a folder, which nobody may reach
 * but through it.
 */
public final class SlowStore implements Storage {
  private final Storage folder;
  private final String name;
  private volatile OptionalLong room = OptionalLong.empty();
  private volatile Consumer<String> beforeUpload = name -> {};
  private volatile Consumer<String> beforeRead = name -> {};

  public SlowStore(Path folder) {
    this(folder, "store");
  }

  /**
   * @param name tells it from others
   */
  public SlowStore(Path folder, String name) {
    this.name = name;
    this.folder = Storages.open(folder.toString(), () -> StorageSettings.NONE);
  }

  /** What has to be done, or waited for, before a file is taken. */
  public void beforeUpload(Consumer<String> work) {
    beforeUpload = work;
  }

  /** What has to be done, or waited for, before a file is handed out. */
  public void beforeRead(Consumer<String> work) {
    beforeRead = work;
  }

  /** Lets nobody through until the gate is released; tells who waits by the other. */
  public static Consumer<String> gate(Semaphore arrived, Semaphore open) {
    return name -> {
      arrived.release();
      open.acquireUninterruptibly();
    };
  }

  @Override
  public String location() {
    return "slow://" + name;
  }

  /** How much more it takes. */
  public void room(long bytes) {
    room = OptionalLong.of(bytes);
  }

  @Override
  public OptionalLong room() {
    return room;
  }

  @Override
  public Optional<String> sha256(String file) {
    return folder.sha256(file);
  }

  @Override
  public Optional<Path> local(String name) {
    return Optional.empty();
  }

  @Override
  public List<String> folders(String name) {
    return folder.folders(name);
  }

  @Override
  public List<StoredFile> files(String name) {
    return folder.files(name);
  }

  @Override
  public Optional<StoredFile> find(String name) {
    return folder.find(name);
  }

  @Override
  public Optional<byte[]> read(String name) {
    beforeRead.accept(name);
    return folder.read(name);
  }

  @Override
  public Optional<byte[]> end(String name, int bytes) {
    beforeRead.accept(name);
    return folder.end(name, bytes);
  }

  @Override
  public boolean download(String name, Path file) {
    beforeRead.accept(name);
    return folder.download(name, file);
  }

  @Override
  public void upload(Path file, String name) {
    beforeUpload.accept(name);
    folder.upload(file, name);
  }

  @Override
  public void write(String name, byte[] content) {
    folder.write(name, content);
  }

  @Override
  public boolean copy(String from, String to) {
    return folder.copy(from, to);
  }

  @Override
  public void settle(String name) {
    folder.settle(name);
  }

  @Override
  public void delete(List<String> names) {
    folder.delete(names);
  }

  @Override
  public void sweep(String name, Instant before) {
    folder.sweep(name, before);
  }

  @Override
  public void close() {
    folder.close();
  }
}
