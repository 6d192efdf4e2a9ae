package io.ecluse.storage;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What an S3 store says, in words for people: what, where, and what to do. */
final class S3Errors {
  private static final int NOT_FOUND = 404;
  private static final int BAD_REQUEST = 400;
  private static final int FORBIDDEN = 403;
  private static final Set<Integer> BUSY = Set.of(500, 502, 503, 504);
  private static final int NO_RANGE = 416;

  /** S3 may say so in an answer that has begun well. */
  private static final Set<String> BUSY_CODES =
      Set.of("InternalError", "ServiceUnavailable", "SlowDown");

  private final String bucket;
  private volatile String store = "Amazon S3";
  private volatile String said = "s3";

  S3Errors(String bucket) {
    this.bucket = bucket;
  }

  /** Says where the store is. */
  void at(StorageSettings.S3 settings) {
    settings.endpoint().ifPresent(endpoint -> store = "the store at " + endpoint);
    said = settings.said();
  }

  static boolean isMissing(S3Exception e) {
    return e.statusCode() == NOT_FOUND && !code(e).equals("NoSuchBucket");
  }

  /** Whether an object has no such range: an empty one has none. */
  static boolean hasNoRange(S3Exception e) {
    return e.statusCode() == NO_RANGE;
  }

  /** Whether a store does not have what it said that it had taken of an upload. */
  static boolean isLost(S3Exception e) {
    return isMissing(e)
        || e.statusCode() == BAD_REQUEST && Set.of("", "InvalidPart").contains(code(e));
  }

  /** Whether a store answers that it cannot do it now. */
  static boolean isBusy(SdkException e) {
    return e instanceof AwsServiceException service
        && (BUSY.contains(service.statusCode())
            || BUSY_CODES.contains(code(service))
            || service.isThrottlingException());
  }

  private static String code(AwsServiceException e) {
    return e.awsErrorDetails() == null
        ? ""
        : Optional.ofNullable(e.awsErrorDetails().errorCode()).orElse("");
  }

  /**
   * @param what could not be done
   */
  EcluseException of(String what, SdkException e) {
    Optional<EcluseException> local = LocalFailure.in(e);
    if (local.isPresent()) {
      return local.get();
    }
    if (e instanceof AbortedException) {
      return error(ErrorCode.CANCELLED, what, "it was interrupted", e);
    }
    if (e instanceof AwsServiceException service) {
      return refused(what, service);
    }
    Optional<IOException> network = network(e);
    if (network.isEmpty()) {
      return error(
          ErrorCode.STORAGE_UNREACHABLE,
          what,
          "%s does not answer as S3 does (%s); is %s.endpoint right?"
              .formatted(store, firstLine(e), said),
          e);
    }
    IOException cause = network.get();
    return error(
        ErrorCode.STORAGE_UNREACHABLE,
        what,
        cause instanceof UnknownHostException
            ? "%s has no address; is %s.endpoint right, and the bucket's name?"
                .formatted(store, said)
            : "%s cannot be reached (%s); is it up, and %s.endpoint right?"
                .formatted(store, firstLine(cause), said),
        e);
  }

  private static Optional<IOException> network(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException io) {
        return Optional.of(io);
      }
    }
    return Optional.empty();
  }

  private EcluseException refused(String what, AwsServiceException e) {
    String code = code(e);
    String reason =
        switch (code) {
          case "NoSuchBucket" ->
              "%s has no bucket %s; create it, or correct the location".formatted(store, bucket);
          case "InvalidAccessKeyId" ->
              "%s does not know the access key; check %s.access_key".formatted(store, said);
          case "SignatureDoesNotMatch" ->
              "%s does not accept the signature, so the secret key is not that of the access key; check %s.secret_key"
                  .formatted(store, said);
          case "ExpiredToken", "InvalidToken" ->
              "%s says that the session's token is no longer good; get a new one".formatted(store);
          case "RequestTimeTooSkewed" ->
              "the clock of this machine is not that of %s; set it".formatted(store);
          case "PermanentRedirect",
              "AuthorizationHeaderMalformed",
              "IllegalLocationConstraintException" ->
              "the bucket %s is in another region; set %s.region".formatted(bucket, said);
          case "SlowDown", "ServiceUnavailable", "InternalError" ->
              "%s is too busy (%s); try again later".formatted(store, code);
          default -> unknown(code, e);
        };
    return error(
        isBusy(e) ? ErrorCode.STORAGE_UNREACHABLE : ErrorCode.STORAGE_REFUSED, what, reason, e);
  }

  private String unknown(String code, AwsServiceException e) {
    String said = code.isEmpty() ? "HTTP " + e.statusCode() : code;
    return e.statusCode() == FORBIDDEN
        ? "%s does not allow it (%s); the keys need ListBucket, GetObject, PutObject, DeleteObject and AbortMultipartUpload on %s"
            .formatted(store, said, bucket)
        : "%s says %s".formatted(store, said);
  }

  EcluseException notDeleted(S3Error error) {
    return new EcluseException(
        ErrorCode.STORAGE_REFUSED,
        "Could not delete %s of bucket %s: %s says %s; the keys need DeleteObject"
            .formatted(error.key(), bucket, store, error.code()));
  }

  EcluseException incomplete(String name, long sent, long stored) {
    return new EcluseException(
        ErrorCode.STORAGE_UNREACHABLE,
        "Could not write %s in bucket %s: %d bytes were sent, but %s has %s"
            .formatted(name, bucket, sent, store, stored < 0 ? "none" : stored));
  }

  EcluseException changed(String name) {
    return new EcluseException(
        ErrorCode.STORAGE_UNREACHABLE,
        "Could not read %s in bucket %s: what %s sent has not the checksum of what was stored; try again, and if this comes back, the store has lost some of it"
            .formatted(name, bucket, store));
  }

  private EcluseException error(ErrorCode code, String what, String reason, SdkException e) {
    return new EcluseException(code, "Could not %s: %s".formatted(what, reason), e);
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.getClass().getSimpleName());
  }
}
