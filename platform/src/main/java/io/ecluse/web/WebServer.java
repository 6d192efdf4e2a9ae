package io.ecluse.web;

import io.ecluse.Platform;
import io.ecluse.access.AccessTokens;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.metadata.WebServers;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
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
  private final WebServers.Listening listening;
  private final AccessTokens tokens;
  private final WebServers servers;

  private WebServer(
      ConfigurableApplicationContext context,
      WebServers.Listening listening,
      AccessTokens tokens,
      WebServers servers) {
    this.context = context;
    this.listening = listening;
    this.tokens = tokens;
    this.servers = servers;
  }

  /**
   * Serves until closed.
   *
   * @throws EcluseException PORT_IN_USE
   */
  public static WebServer start(Platform platform, WebSettings settings) {
    return start(platform, settings, Bounds.USUAL);
  }

  static WebServer start(Platform platform, WebSettings settings, Bounds bounds) {
    System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    platform.watcher().start();
    String instance = UUID.randomUUID().toString();
    AccessTokens tokens = platform.tokens().withSessionIdle(settings.sessionIdle());
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
                    beans.registerSingleton("bounds", bounds);
                    beans.registerSingleton("instance", instance);
                  })
              .run();
      int port =
          Objects.requireNonNull(((ServletWebServerApplicationContext) context).getWebServer())
              .getPort();
      WebServers.Listening listening = listening(settings, instance, port);
      WebServers servers = new WebServers(platform.metadata().jdbi(), platform.environment());
      servers.started(listening);
      return new WebServer(context, listening, tokens, servers);
    } catch (RuntimeException e) {
      throw refused(settings, e);
    }
  }

  private static WebServers.Listening listening(WebSettings settings, String id, int port) {
    String host =
        settings.address().contains(":") ? "[" + settings.address() + "]" : settings.address();
    URI url = URI.create((settings.tls().isPresent() ? "https://" : "http://") + host + ":" + port);
    return new WebServers.Listening(id, url, settings.url().orElseGet(() -> reachable(url)));
  }

  /** All addresses of this machine are no address to go to. */
  private static URI reachable(URI url) {
    return URI.create(
        url.toString().replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:"));
  }

  private static Map<String, Object> properties(WebSettings settings) {
    Map<String, Object> properties =
        new HashMap<>(
            Map.ofEntries(
                Map.entry("server.port", settings.port()),
                Map.entry("server.address", settings.address()),
                Map.entry("server.shutdown", "immediate"),
                Map.entry("server.tomcat.threads.min-spare", 2),
                Map.entry("server.compression.enabled", true),
                Map.entry(
                    "server.compression.mime-types",
                    "application/json,application/javascript,text/javascript,text/css,text/html,image/svg+xml"),
                Map.entry("spring.mvc.formcontent.filter.enabled", false),
                Map.entry("spring.main.lazy-initialization", false),
                Map.entry("spring.jmx.enabled", false),
                Map.entry("spring.mvc.async.request-timeout", "-1"),
                Map.entry("spring.web.resources.add-mappings", false),
                Map.entry("springdoc.api-docs.path", "/api/v1/openapi.json"),
                Map.entry("springdoc.paths-to-match", "/api/v1/**"),
                Map.entry("springdoc.writer-with-order-by-keys", true)));
    settings
        .tls()
        .ifPresent(
            tls -> {
              properties.put("server.ssl.bundle", "web");
              String bundle = "spring.ssl.bundle.pem.web.";
              properties.put(bundle + "reload-on-update", true);
              properties.put(bundle + "keystore.certificate", file(tls.certificate()));
              properties.put(bundle + "keystore.private-key", file(tls.key()));
            });
    return properties;
  }

  private static String file(Path path) {
    return path.toAbsolutePath().toUri().toString();
  }

  private static RuntimeException refused(WebSettings settings, RuntimeException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof PortInUseException || cause instanceof java.net.BindException) {
        return ErrorCode.PORT_IN_USE.error(
            "Port %d on %s is in use by another program; stop that, or choose another with --port"
                .formatted(settings.port(), settings.address()),
            e);
      }
    }
    return e;
  }

  /** Where it is, as in {@code http://127.0.0.1:8080}. */
  public String url() {
    return listening.url().toString();
  }

  /** A link that signs in once, within an hour; a new one at each call. */
  public String signInLink() {
    return signInLink(listening.publicUrl(), tokens.newSignInCode());
  }

  /** The link of a server at this URL for a code. */
  public static String signInLink(URI url, String code) {
    return url.toString().replaceAll("/+$", "") + "/sign-in#code=" + code;
  }

  @Override
  public void close() {
    try {
      if (context.isActive()) {
        servers.stopped(listening.id());
      }
    } finally {
      context.close();
    }
  }
}
