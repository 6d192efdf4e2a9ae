package io.ecluse.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * An object made of parts, several of which are on their way. Each is tried again by itself; the
 * object appears when all are there. An upload that fails is abandoned at once, so that the store
 * keeps nothing of it; one whose process dies is found by {@link S3Storage#sweep}.
 */
final class S3Multipart {
  /** How much is sent, and sent again after a cut, at a time. */
  static final long PART_BYTES = 16L << 20;

  /** The most that a store copies in one step. */
  private static final long COPY_BYTES = 1L << 30;

  private static final long MOST_PARTS = 10_000;
  private static final int ABANDONS = 3;

  /** A store that died in between may have lost parts that it had. */
  private static final int TRIES = 3;

  private static final long PAUSE_NANOS = 200_000_000;

  private final S3Client s3;
  private final String bucket;
  private final String key;
  private final Transfers transfers;

  /**
   * @param transfers by which parts go at once
   */
  S3Multipart(S3Client s3, String bucket, String key, Transfers transfers) {
    this.s3 = s3;
    this.bucket = bucket;
    this.key = key;
    this.transfers = transfers;
  }

  /** Sends one part. */
  private interface Sender {
    CompletedPart send(String upload, int number, long from, long bytes) throws IOException;
  }

  /**
   * Returns how many parts it took.
   *
   * @param facts that are kept beside it
   */
  int upload(Path file, long bytes, Map<String, String> facts) {
    return parts(
        facts,
        bytes,
        PART_BYTES,
        (upload, number, from, length) -> {
          S3Content content = S3Content.of(file, from, length);
          String tag =
              s3.uploadPart(
                      r ->
                          r.bucket(bucket)
                              .key(key)
                              .uploadId(upload)
                              .partNumber(number)
                              .contentMD5(content.md5()),
                      content.body())
                  .eTag();
          return CompletedPart.builder().partNumber(number).eTag(tag).build();
        });
  }

  /** Copies within the store. Returns how many parts it took. */
  int copy(String from, long bytes) {
    if (bytes <= COPY_BYTES) {
      Patience.whileBusy(
          () ->
              s3.copyObject(
                  r ->
                      r.sourceBucket(bucket)
                          .sourceKey(from)
                          .destinationBucket(bucket)
                          .destinationKey(key)));
      return 1;
    }
    return parts(
        Map.of(),
        bytes,
        COPY_BYTES,
        (upload, number, first, length) -> {
          String tag =
              s3.uploadPartCopy(
                      r ->
                          r.sourceBucket(bucket)
                              .sourceKey(from)
                              .destinationBucket(bucket)
                              .destinationKey(key)
                              .uploadId(upload)
                              .partNumber(number)
                              .copySourceRange("bytes=%d-%d".formatted(first, first + length - 1)))
                  .copyPartResult()
                  .eTag();
          return CompletedPart.builder().partNumber(number).eTag(tag).build();
        });
  }

  private int parts(Map<String, String> facts, long bytes, long wanted, Sender sender) {
    for (int tries = 1; ; tries++) {
      try {
        return tried(facts, bytes, wanted, sender);
      } catch (S3Exception e) {
        if (tries == TRIES || !S3Errors.isLost(e)) {
          throw e;
        }
      }
    }
  }

  private int tried(Map<String, String> facts, long bytes, long wanted, Sender sender) {
    long length = Math.max(wanted, bytes / MOST_PARTS + 1);
    String upload =
        Patience.whileBusy(
                () -> s3.createMultipartUpload(r -> r.bucket(bucket).key(key).metadata(facts)))
            .uploadId();
    boolean complete = false;
    try {
      List<Callable<CompletedPart>> sends = new ArrayList<>();
      for (long from = 0; from < bytes; from += length) {
        int number = sends.size() + 1;
        long begin = from;
        sends.add(() -> send(sender, upload, number, begin, Math.min(length, bytes - begin)));
      }
      try {
        complete(upload, transfers.all(sends));
      } catch (S3Exception e) { // perhaps the answer to a try that was done was lost
        if (!S3Errors.isMissing(e) || !isThere(facts, bytes)) {
          throw e;
        }
      }
      complete = true;
      return sends.size();
    } finally {
      if (!complete) {
        abandonNow(upload);
      }
    }
  }

  private CompletedPart send(Sender sender, String upload, int number, long from, long bytes)
      throws Exception {
    try {
      return Patience.ask(() -> sender.send(upload, number, from, bytes));
    } catch (IOException e) {
      throw LocalErrors.of("read what is to be stored as " + key, e);
    }
  }

  /** Also by a thread that was interrupted, which could ask for nothing else. */
  private void abandonNow(String upload) {
    boolean interrupted = Thread.interrupted();
    try {
      LockSupport.parkNanos(PAUSE_NANOS); // for the store to see that parts were cut off
      abandon(upload);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void complete(String upload, List<CompletedPart> parts) {
    Patience.askUnchecked(
        () ->
            s3.completeMultipartUpload(
                r ->
                    r.bucket(bucket)
                        .key(key)
                        .uploadId(upload)
                        .multipartUpload(m -> m.parts(parts))));
  }

  private boolean isThere(Map<String, String> facts, long bytes) {
    try {
      HeadObjectResponse there =
          Patience.askUnchecked(() -> s3.headObject(r -> r.bucket(bucket).key(key)));
      return there.contentLength() == bytes
          && there.metadata().entrySet().containsAll(facts.entrySet());
    } catch (S3Exception e) {
      if (S3Errors.isMissing(e)) {
        return false;
      }
      throw e;
    }
  }

  /** A part that is still on its way may make it necessary to say so again. */
  private void abandon(String upload) {
    for (int tries = 1; tries <= ABANDONS; tries++) {
      try {
        s3.abortMultipartUpload(r -> r.bucket(bucket).key(key).uploadId(upload));
        return;
      } catch (NoSuchUploadException e) {
        return;
      } catch (AwsServiceException e) {
        LockSupport.parkNanos(PAUSE_NANOS * tries);
      } catch (SdkException e) {
        return; // the store is away, which is why we are here; a sweep will find it
      }
    }
  }
}
