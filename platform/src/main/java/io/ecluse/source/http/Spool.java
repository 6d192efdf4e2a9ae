package io.ecluse.source.http;

import io.ecluse.error.DiskFull;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.source.FileDecoder;
import io.ecluse.source.FileFormat;
import io.ecluse.source.JsonCopy;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The records of a stream as they came, an object a line, in files that each become a part. Closed
 * by {@link #close()}, which deletes them.
 */
final class Spool implements AutoCloseable {
  /** About what makes a good part, once it is packed. */
  private static final long FILE_BYTES = 512L << 20;

  private final Path folder;
  private final String stream;
  private final List<Path> files = new ArrayList<>();
  private Optional<Writing> writing = Optional.empty();
  private long records;

  private record Writing(Counted out, JsonGenerator json) {}

  Spool(Path folder, String stream) {
    this.folder = folder;
    this.stream = stream;
  }

  /** Adds the object at which the parser stands, every digit of it. */
  void add(JsonParser parser) {
    try {
      Writing now = writing.isPresent() ? writing.get() : begin();
      writing = Optional.of(now);
      JsonCopy.value(parser, now.json());
      records++;
      if (now.out().bytes > FILE_BYTES) {
        end();
      }
    } catch (IOException e) {
      throw failed(e);
    } catch (JacksonIOException e) {
      // of the page's reading, or of the writing here: only this one is ours
      throw writing.flatMap(w -> w.out().failure).map(Spool::failed).orElseThrow(() -> e);
    }
  }

  private Writing begin() throws IOException {
    Path file = folder.resolve("pages-%05d.ndjson".formatted(files.size()));
    files.add(file);
    Counted out = new Counted(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16));
    return new Writing(
        out, JsonMapper.shared().writer().withRootValueSeparator("\n").createGenerator(out));
  }

  /** Makes the files whole. */
  void end() {
    try {
      if (writing.isPresent()) {
        Writing last = writing.get();
        writing = Optional.empty();
        last.json().close();
        last.out().close();
      }
    } catch (IOException e) {
      throw failed(e);
    } catch (JacksonIOException e) {
      throw failed(Objects.requireNonNull(e.getCause()));
    }
  }

  long records() {
    return records;
  }

  /** Leaves of records that came more than once the newest, once the files are whole. */
  int removeRepeats(Repeats repeats) {
    try {
      int removed = repeats.remove(files, Math.toIntExact(records));
      records -= removed;
      return removed;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  List<FileDecoder.Input> inputs() {
    return files.stream()
        .map(
            f ->
                new FileDecoder.Input(
                    f,
                    "stream " + stream,
                    FileFormat.of(FileFormat.Kind.NDJSON, FileFormat.Packing.NONE)))
        .toList();
  }

  private static EcluseException failed(IOException e) {
    String what = "keep the pages of an extract";
    return DiskFull.isSaidBy(e.getMessage())
        ? DiskFull.error(what, e)
        : ErrorCode.INTERNAL.error("Could not %s: %s".formatted(what, e.getMessage()), e);
  }

  @Override
  public void close() {
    List<IOException> failures = new ArrayList<>();
    writing.ifPresent(w -> closing(w.out(), failures));
    for (Path file : files) {
      closing(() -> Files.deleteIfExists(file), failures); // also when the disk is full
    }
    if (!failures.isEmpty()) {
      throw failed(failures.get(0));
    }
  }

  private static void closing(Closeable what, List<IOException> failures) {
    try {
      what.close();
    } catch (IOException e) {
      failures.add(e);
    }
  }

  private static final class Counted extends OutputStream {
    private final OutputStream out;
    private long bytes;
    private Optional<IOException> failure = Optional.empty();

    Counted(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      try {
        out.write(from, offset, length);
        bytes += length;
      } catch (IOException e) {
        failure = Optional.of(e);
        throw e;
      }
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
