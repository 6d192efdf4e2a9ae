package io.ecluse.emr;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/** What EMR says, in words for people, and what may be done after it. */
final class EmrErrors {
  private static final int SERVER_ERROR = 500;

  private final EmrAccount account;

  EmrErrors(EmrAccount account) {
    this.account = account;
  }

  /** What is known of a request that was not answered as it should be. */
  enum Effect {
    /** It took none; the same may succeed later. */
    NONE_YET,
    /** Nobody knows. */
    UNKNOWN,
    /** It took none, and will not. */
    NONE
  }

  static Effect effect(SdkException e) {
    if (e instanceof AbortedException) {
      return Effect.NONE;
    }
    if (e instanceof AwsServiceException service) {
      if (service.isThrottlingException()) {
        return Effect.NONE_YET;
      }
      return service.statusCode() >= SERVER_ERROR ? Effect.UNKNOWN : Effect.NONE;
    }
    if (causes(e)
        .anyMatch(
            c ->
                c instanceof ConnectException
                    || c instanceof UnknownHostException
                    || c instanceof NoRouteToHostException)) {
      return Effect.NONE_YET;
    }
    return causes(e).anyMatch(java.io.IOException.class::isInstance) ? Effect.UNKNOWN : Effect.NONE;
  }

  private static Stream<Throwable> causes(Throwable e) {
    return Stream.iterate(e, (@Nullable Throwable c) -> c != null, Throwable::getCause);
  }

  /** Whether the service refuses the values of a request. */
  static boolean isRefusal(SdkException e) {
    return e instanceof AwsServiceException service
        && (code(service).equals("InvalidRequestException")
            || code(service).equals("ValidationException")
            || code(service).equals("ResourceNotFoundException"));
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
    if (e instanceof AbortedException) {
      return error(ErrorCode.CANCELLED, what, "it was interrupted", e);
    }
    if (e instanceof AwsServiceException service) {
      return refused(what, service);
    }
    if (effect(e) == Effect.NONE) {
      return error(
          ErrorCode.CLUSTER_REFUSED,
          what,
          "there are no keys for EMR; give them as Amazon's tools take them (AWS_ACCESS_KEY_ID, a profile, a role)",
          e);
    }
    return error(
        ErrorCode.CLUSTER_UNREACHABLE,
        what,
        "EMR in %s cannot be reached (%s); is the region right, and the network up?"
            .formatted(account.region(), firstLine(e)),
        e);
  }

  private EcluseException refused(String what, AwsServiceException e) {
    String code = code(e);
    if (e.isThrottlingException() || e.statusCode() >= SERVER_ERROR) {
      return error(
          ErrorCode.CLUSTER_UNREACHABLE,
          what,
          "EMR in %s is too busy (%s); try again later".formatted(account.region(), code),
          e);
    }
    String reason =
        switch (code) {
          case "UnrecognizedClientException", "InvalidSignatureException", "IncompleteSignature" ->
              "EMR in %s does not know who asks (%s); check the keys, and the clock of this machine"
                  .formatted(account.region(), code);
          case "ExpiredTokenException" -> "the session's token is no longer good; get a new one";
          case "AccessDeniedException" ->
              "EMR in %s does not allow it (%s); docs/emr.md has the rights that are needed"
                  .formatted(account.region(), code);
          default -> "EMR in %s says: %s".formatted(account.region(), said(e));
        };
    return error(ErrorCode.CLUSTER_REFUSED, what, reason, e);
  }

  private static String said(AwsServiceException e) {
    return Optional.ofNullable(e.awsErrorDetails())
        .flatMap(d -> Optional.ofNullable(d.errorMessage()))
        .orElseGet(() -> "HTTP " + e.statusCode());
  }

  private static EcluseException error(ErrorCode code, String what, String why, SdkException e) {
    return code.error("Could not %s: %s".formatted(what, why), e);
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.getClass().getSimpleName());
  }
}
