package io.ecluse.cli;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;

/**
 * Asks a server how it is, and says so by its exit code: 0 it answers, and not with a fault of its
 * own. What a container's engine runs, in which there is no other program that could ask. It loads
 * nothing but the JDK, and this class.
 */
public final class HealthCheck {
  private static final String VARIABLE = "ECLUSE_HEALTH_PORT";
  private static final int MILLIS = 5_000;

  private HealthCheck() {}

  /**
   * Asks once.
   *
   * @param arguments the URL; without one the server that listens at the port that a variable names
   */
  public static void main(String[] arguments) {
    String url =
        arguments.length > 0
            ? arguments[0]
            : "http://127.0.0.1:" + System.getenv(VARIABLE) + "/health/ready";
    System.exit(status(url) < HttpURLConnection.HTTP_INTERNAL_ERROR ? 0 : 1);
  }

  private static int status(String url) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(url).toURL().openConnection(Proxy.NO_PROXY);
      connection.setConnectTimeout(MILLIS);
      connection.setReadTimeout(MILLIS);
      int status = connection.getResponseCode();
      System.out.println(url + " answers " + status);
      return status;
    } catch (IOException e) {
      System.out.println(url + " does not answer: " + e.getMessage());
      return HttpURLConnection.HTTP_UNAVAILABLE;
    }
  }
}
