package io.ecluse.project;

/**
 * Where the values behind {@code ${env:NAME}} and {@code ${secret:NAME}} come from. Thread-safe.
 */
public interface Secrets {
  /** The value of an environment variable; SECRET_MISSING if it is not set. */
  String env(String name);

  /** The value of a secret; SECRET_MISSING, saying where one may be put, if there is none. */
  String secret(String name);
}
