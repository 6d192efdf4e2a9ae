package io.ecluse.pipeline;

import java.util.Arrays;

/**
 * The files that a run was started with, packed: it reads these and no others, whatever becomes of
 * them and on whatever machine it goes on. Two bundles of one hash hold the same. Immutable.
 */
public final class Bundle {
  private final String hash;
  private final byte[] packed;

  public Bundle(String hash, byte[] packed) {
    this.hash = hash;
    this.packed = packed.clone();
  }

  /** Of the files' names and content, in hexadecimal digits. */
  public String hash() {
    return hash;
  }

  public byte[] packed() {
    return packed.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bundle bundle
        && hash.equals(bundle.hash)
        && Arrays.equals(packed, bundle.packed);
  }

  @Override
  public int hashCode() {
    return hash.hashCode();
  }

  @Override
  public String toString() {
    return "Bundle " + hash;
  }
}
