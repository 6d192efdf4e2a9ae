package io.ecluse.web;

import java.nio.channels.SocketChannel;
import java.util.Optional;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioEndpoint;

/** HTTP whose connections are counted. Public because the container makes it, by its name. */
public final class GuardedProtocol extends Http11NioProtocol {
  public GuardedProtocol() {
    super(new Endpoint());
  }

  /** Must be called before the first connection. */
  void guard(Connections connections) {
    ((Endpoint) getEndpoint()).connections = Optional.of(connections);
  }

  private static final class Endpoint extends NioEndpoint {
    private volatile Optional<Connections> connections = Optional.empty();

    @Override
    protected boolean setSocketOptions(SocketChannel socket) {
      return connections.filter(c -> c.accept(socket)).isPresent()
          && super.setSocketOptions(socket);
    }
  }
}
