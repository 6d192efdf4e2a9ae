package io.ecluse.web;

import java.util.Set;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.RemoteIpValve;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/** What of the bounds the container keeps by itself, and where ours are put into it. */
record TomcatBounds(Connections connections, Bounds bounds, WebSettings settings)
    implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, Ordered {
  private static final int READ_OR_WRITE_MILLIS = 10_000;

  /** Ours are full before the container's, which would let nobody in, not even for health. */
  private static final int SPARE_CONNECTIONS = 64;

  @Override
  public int getOrder() {
    return LOWEST_PRECEDENCE;
  }

  @Override
  public void customize(TomcatServletWebServerFactory factory) {
    factory.setProtocol(GuardedProtocol.class.getName());
    factory.addConnectorCustomizers(
        c -> {
          GuardedProtocol protocol = (GuardedProtocol) c.getProtocolHandler();
          protocol.guard(connections);
          bound(protocol);
        });
    if (!settings.proxies().isEmpty()) {
      factory.addEngineValves(forwarded(settings.proxies()));
    }
    factory.addEngineValves(new GateValve(connections, bounds));
    factory.addContextCustomizers(
        c ->
            ((StandardHost) c.getParent())
                .setErrorReportValveClass(JsonErrorValve.class.getName()));
  }

  private void bound(AbstractHttp11Protocol<?> protocol) {
    protocol.setMaxConnections(bounds.connections() + SPARE_CONNECTIONS);
    protocol.setMaxThreads(bounds.threads());
    protocol.setConnectionTimeout(READ_OR_WRITE_MILLIS);
    protocol.setKeepAliveTimeout((int) bounds.idle().toMillis());
    protocol.setMaxSwallowSize(0);
  }

  /** Believes named proxies, and nobody else, about who asks and how. */
  private static RemoteIpValve forwarded(Set<String> proxies) {
    RemoteIpValve valve = new RemoteIpValve();
    valve.setInternalProxies(Proxies.pattern(proxies));
    valve.setRemoteIpHeader("X-Forwarded-For");
    valve.setProtocolHeader("X-Forwarded-Proto");
    valve.setHostHeader("X-Forwarded-Host");
    return valve;
  }
}
