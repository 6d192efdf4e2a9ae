package io.ecluse.warehouse;

/**
 * Where the catalog of a warehouse is.
 *
 * @param place the folder of a private database, or where a shared one answers; never a secret
 */
public record Home(String place, Kind kind) {
  /** Whether a copy of the project has a catalog of its own. */
  public enum Kind {
    /** In the project's folder: who copies the project copies it too. */
    PRIVATE,
    /** Elsewhere: a copy of the project finds the same one. */
    SHARED
  }
}
