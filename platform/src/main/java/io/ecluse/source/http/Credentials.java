package io.ecluse.source.http;

import java.net.http.HttpRequest;

/** What is added to a request so that the API knows who asks. Used by one thread. */
interface Credentials {
  /**
   * Adds it.
   *
   * @throws io.ecluse.error.EcluseException SOURCE_REFUSED, SOURCE_UNREACHABLE, SOURCE_LOST
   */
  void sign(HttpRequest.Builder request);

  /** After an answer that did not know them: gets others, and tells whether there are any. */
  boolean renew();

  /** Fixed ones. */
  static Credentials header(String name, String value) {
    return new Credentials() {
      @Override
      public void sign(HttpRequest.Builder request) {
        request.setHeader(name, value);
      }

      @Override
      public boolean renew() {
        return false;
      }
    };
  }

  /** None at all. */
  static Credentials none() {
    return new Credentials() {
      @Override
      public void sign(HttpRequest.Builder request) {}

      @Override
      public boolean renew() {
        return false;
      }
    };
  }
}
