package io.ecluse.web;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;

/**
 * Where to serve.
 *
 * @param address to listen on
 * @param port to listen on; 0 for any that is free
 */
public record WebSettings(String address, int port) {
  private static final int LARGEST_PORT = 65_535;

  public WebSettings {
    if (port < 0 || port > LARGEST_PORT) {
      throw new EcluseException(
          ErrorCode.INVALID_USAGE, "The port must be 0 to 65535, but is " + port);
    }
  }
}
