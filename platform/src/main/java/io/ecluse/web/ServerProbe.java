package io.ecluse.web;

import io.ecluse.metadata.WebServers;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Asks a server whether it is there, and is the one that is meant. Nothing secret is sent, and the
 * answer is compared with a number that nobody can guess, so any certificate will do.
 */
public final class ServerProbe {
  private static final int MILLIS = 3_000;

  private ServerProbe() {}

  /** Whether this very server listens. */
  public static boolean answers(WebServers.Listening server) {
    try {
      HttpURLConnection connection = open(server.url().resolve(GateValve.HEALTH));
      try {
        connection.setConnectTimeout(MILLIS);
        connection.setReadTimeout(MILLIS);
        return server.id().equals(connection.getHeaderField(FrontFilter.INSTANCE));
      } finally {
        connection.disconnect();
      }
    } catch (IOException e) {
      return false;
    }
  }

  private static HttpURLConnection open(URI url) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) url.toURL().openConnection(java.net.Proxy.NO_PROXY);
    if (connection instanceof HttpsURLConnection secure) {
      secure.setSSLSocketFactory(anyCertificate().getSocketFactory());
      secure.setHostnameVerifier((name, session) -> true);
    }
    return connection;
  }

  private static SSLContext anyCertificate() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Any()}, new SecureRandom());
      return context;
    } catch (GeneralSecurityException e) {
      throw new AssertionError("Every Java platform has TLS", e);
    }
  }

  private static final class Any implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
      // no clients are asked
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      // see above
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
