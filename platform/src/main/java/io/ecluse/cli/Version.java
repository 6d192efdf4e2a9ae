package io.ecluse.cli;

import picocli.CommandLine.IVersionProvider;

/** What the jar says of itself. */
public final class Version implements IVersionProvider {
  /** The version, as in {@code 0.1.0}. */
  public static String text() {
    return Door.version();
  }

  @Override
  public String[] getVersion() {
    return new String[] {"ecluse " + text()};
  }
}
