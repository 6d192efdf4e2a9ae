package io.ecluse.emr;

/** What the service refuses, with the type and the words that the real one has for it. */
final class EmrRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String type;

  EmrRefusal(String type, String message) {
    super(message);
    this.type = type;
  }

  static EmrRefusal invalid(String message) {
    return new EmrRefusal("InvalidRequestException", message);
  }

  static EmrRefusal validation(String message) {
    return new EmrRefusal("ValidationException", message);
  }

  String type() {
    return type;
  }
}
