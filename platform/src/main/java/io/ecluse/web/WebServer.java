package io.ecluse.web;

import io.ecluse.Platform;

/**
 * The door for browsers and programs: pages and API over HTTP. {@link #close()} may be called
 * twice.
 */
public final class WebServer implements AutoCloseable {
  private final String url;
  private final String signInLink;

  private WebServer(String url, String signInLink) {
    this.url = url;
    this.signInLink = signInLink;
  }

  /** Serves until closed. */
  public static WebServer start(Platform platform, WebSettings settings) {
    return new WebServer("http://" + settings.address() + ":" + settings.port(), "");
  }

  /** Where it is, as in {@code http://127.0.0.1:8080}. */
  public String url() {
    return url;
  }

  /** A link that signs in once. */
  public String signInLink() {
    return signInLink;
  }

  @Override
  public void close() {}
}
