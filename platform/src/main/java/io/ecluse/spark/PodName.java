package io.ecluse.spark;

/**
 * What the pod and the secret of an application are called, and whose they are.
 *
 * @param owner the installation, as a label may have it
 * @param application its name
 */
record PodName(String owner, String application) {
  static final String OWNER = "ecluse-owner";
  static final String APPLICATION = "ecluse-application";
  private static final int LONGEST = 40;

  static PodName of(String owner, String application) {
    return new PodName(Tokens.hash(owner).substring(0, LONGEST), application);
  }

  private String base() {
    return "ecluse-" + application.replace('_', '-');
  }

  String pod() {
    return base() + "-driver";
  }

  String secret() {
    return base() + "-token";
  }
}
