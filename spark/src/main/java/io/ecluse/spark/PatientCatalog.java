package io.ecluse.spark;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.exceptions.RESTException;
import org.apache.iceberg.exceptions.ServiceUnavailableException;
import org.apache.iceberg.rest.HTTPClient;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.rest.RESTClient;
import org.apache.iceberg.rest.RESTUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The catalog of a run, for as long as the platform may be away (it is started anew, the net is
 * broken): what it does not answer is asked again. That is safe of commits too: the platform finds
 * one that it has made already, and answers as it did.
 */
public final class PatientCatalog extends RESTCatalog {
  private static final Logger LOG = LoggerFactory.getLogger(PatientCatalog.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  public PatientCatalog() {
    super(
        properties ->
            patient(
                HTTPClient.builder(properties)
                    .uri(properties.get(CatalogProperties.URI))
                    .withHeaders(RESTUtil.configHeaders(properties))
                    .build()));
  }

  private static RESTClient patient(RESTClient client) {
    return (RESTClient)
        Proxy.newProxyInstance(
            RESTClient.class.getClassLoader(), new Class<?>[] {RESTClient.class}, asking(client));
  }

  private static InvocationHandler asking(RESTClient client) {
    return (proxy, method, arguments) -> {
      long begin = System.nanoTime();
      for (boolean told = false; ; told = true) {
        try {
          Object answer = asked(client, method, arguments);
          return method.getName().equals("withAuthSession") ? patient((RESTClient) answer) : answer;
        } catch (RESTException e) {
          if (!isAway(e) || System.nanoTime() - begin > JobApplication.PATIENCE.toNanos()) {
            throw e;
          }
          if (!told) {
            LOG.warn(
                "The platform's catalog does not answer ({}); it is asked again for {}",
                e.getCause() == null ? e.getMessage() : e.getCause().getClass().getSimpleName(),
                JobApplication.PATIENCE);
          }
        }
        Thread.sleep(PAUSE.toMillis());
      }
    };
  }

  private static Object asked(RESTClient client, Method method, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(client, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static boolean isAway(RESTException e) {
    return e instanceof ServiceUnavailableException || e.getCause() instanceof IOException;
  }
}
