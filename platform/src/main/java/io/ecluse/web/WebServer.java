package io.ecluse.web;

import io.ecluse.Platform;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.metadata.AccessTokens;
import java.util.Map;
import org.slf4j.bridge.SLF4JBridgeHandler;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The door for browsers and programs: pages and API over HTTP. {@link #close()} may be called
 * twice.
 */
public final class WebServer implements AutoCloseable {
  private final ConfigurableApplicationContext context;
  private final String url;
  private final AccessTokens tokens;

  private WebServer(ConfigurableApplicationContext context, String url, AccessTokens tokens) {
    this.context = context;
    this.url = url;
    this.tokens = tokens;
  }

  /**
   * Serves until closed.
   *
   * @throws EcluseException PORT_IN_USE
   */
  public static WebServer start(Platform platform, WebSettings settings) {
    System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    AccessTokens tokens = new AccessTokens(platform.metadata().jdbi());
    try {
      ConfigurableApplicationContext context =
          new SpringApplicationBuilder(WebApplication.class)
              .web(WebApplicationType.SERVLET)
              .bannerMode(Banner.Mode.OFF)
              .logStartupInfo(false)
              .registerShutdownHook(false)
              .properties(properties(settings))
              .initializers(
                  c -> {
                    var beans = c.getBeanFactory();
                    beans.registerSingleton("platform", platform);
                    beans.registerSingleton("accessTokens", tokens);
                    beans.registerSingleton("webSettings", settings);
                  })
              .run();
      int port = ((ServletWebServerApplicationContext) context).getWebServer().getPort();
      String host =
          settings.address().contains(":") ? "[" + settings.address() + "]" : settings.address();
      return new WebServer(context, "http://" + host + ":" + port, tokens);
    } catch (RuntimeException e) {
      throw refused(settings, e);
    }
  }

  private static Map<String, Object> properties(WebSettings settings) {
    return Map.ofEntries(
        Map.entry("server.port", settings.port()),
        Map.entry("server.address", settings.address()),
        Map.entry("server.shutdown", "immediate"),
        Map.entry("server.tomcat.threads.max", 24),
        Map.entry("server.tomcat.threads.min-spare", 2),
        Map.entry("server.compression.enabled", true),
        Map.entry(
            "server.compression.mime-types",
            "application/json,application/javascript,text/javascript,text/css,text/html,image/svg+xml"),
        Map.entry("server.error.whitelabel.enabled", false),
        Map.entry("spring.main.lazy-initialization", false),
        Map.entry("spring.jmx.enabled", false),
        Map.entry("spring.mvc.async.request-timeout", "-1"),
        Map.entry("spring.web.resources.add-mappings", false),
        Map.entry("springdoc.api-docs.path", "/api/v1/openapi.json"),
        Map.entry("springdoc.paths-to-match", "/api/v1/**"),
        Map.entry("springdoc.writer-with-order-by-keys", true));
  }

  private static RuntimeException refused(WebSettings settings, RuntimeException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof PortInUseException || cause instanceof java.net.BindException) {
        return new EcluseException(
            ErrorCode.PORT_IN_USE,
            "Port %d on %s is in use by another program; stop that, or choose another with --port"
                .formatted(settings.port(), settings.address()),
            e);
      }
    }
    return e;
  }

  /** Where it is, as in {@code http://127.0.0.1:8080}. */
  public String url() {
    return url;
  }

  /** A link that signs in once, within an hour; a new one at each call. */
  public String signInLink() {
    return url + "/sign-in#code=" + tokens.newSignInCode();
  }

  @Override
  public void close() {
    context.close();
  }
}
