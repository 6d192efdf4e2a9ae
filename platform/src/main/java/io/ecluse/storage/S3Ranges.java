package io.ecluse.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Brings an object here, a large one by several ranges at a time, each of which is tried again by
 * itself. All are of one state of the object.
 */
record S3Ranges(S3Client s3, String bucket, Transfers transfers) {
  /** How much comes, and comes again after a cut, at a time. */
  static final long RANGE_BYTES = 16L << 20;

  private static final int BUFFER = 1 << 16;
  private static final Pattern OF_ALL = Pattern.compile(".*/(\\d+)");

  /** Returns what the store says of the object. */
  GetObjectResponse download(String key, Path file) {
    try (FileChannel out = open(file)) {
      GetObjectResponse first = Patience.whileBusy(() -> first(key, out, file));
      long bytes = whole(first);
      List<Callable<GetObjectResponse>> rest = new ArrayList<>();
      for (long from = RANGE_BYTES; from < bytes; from += RANGE_BYTES) {
        long begin = from;
        String range = "bytes=%d-%d".formatted(from, Math.min(bytes, from + RANGE_BYTES) - 1);
        rest.add(
            () ->
                Patience.ask(
                    () ->
                        s3.getObject(
                            r -> r.bucket(bucket).key(key).range(range).ifMatch(first.eTag()),
                            into(out, begin, file))));
      }
      transfers.all(rest);
      return first;
    } catch (IOException e) {
      throw new LocalFailure("write " + file, e);
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private GetObjectResponse first(String key, FileChannel out, Path file) {
    try {
      return s3.getObject(
          r -> r.bucket(bucket).key(key).range("bytes=0-" + (RANGE_BYTES - 1)), into(out, 0, file));
    } catch (S3Exception e) {
      if (S3Errors.hasNoRange(e)) { // of nothing
        return s3.getObject(r -> r.bucket(bucket).key(key), into(out, 0, file));
      }
      throw e;
    }
  }

  /** How many bytes the object has. A store that knows no ranges has sent them all. */
  private static long whole(GetObjectResponse first) {
    return Optional.ofNullable(first.contentRange())
        .map(OF_ALL::matcher)
        .filter(Matcher::matches)
        .map(m -> Long.parseLong(m.group(1)))
        .orElse(0L);
  }

  private static ResponseTransformer<GetObjectResponse, GetObjectResponse> into(
      FileChannel out, long begin, Path file) {
    return (response, in) -> {
      long at = begin;
      byte[] buffer = new byte[BUFFER];
      for (int n = read(in, buffer); n >= 0; n = read(in, buffer)) {
        write(out, ByteBuffer.wrap(buffer, 0, n), at, file);
        at += n;
      }
      Long length = response.contentLength();
      if (length != null && at - begin < length) {
        throw cut(new IOException("%d of %d bytes came".formatted(at - begin, length)));
      }
      return response;
    };
  }

  private static int read(InputStream in, byte[] buffer) {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw cut(e);
    }
  }

  private static RetryableException cut(IOException e) {
    return RetryableException.builder().message(String.valueOf(e.getMessage())).cause(e).build();
  }

  private static void write(FileChannel out, ByteBuffer bytes, long at, Path file) {
    try {
      long next = at;
      while (bytes.hasRemaining()) {
        next += out.write(bytes, next);
      }
    } catch (IOException e) {
      throw new LocalFailure("write " + file, e);
    }
  }
}
