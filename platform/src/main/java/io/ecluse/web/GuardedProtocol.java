package io.ecluse.web;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketWrapperBase;

/** HTTP whose connections are counted. Public because the container makes it, by its name. */
public final class GuardedProtocol extends Http11NioProtocol {
  public GuardedProtocol() {
    super(new Endpoint());
  }

  /** Must be called before the first connection. */
  void guard(Connections connections) {
    ((Endpoint) getEndpoint()).guard = Optional.of(connections);
    connections.askBy(((Endpoint) getEndpoint())::hasGone);
  }

  private static final class Endpoint extends NioEndpoint {
    private volatile Optional<Connections> guard = Optional.empty();

    @Override
    protected boolean setSocketOptions(SocketChannel socket) {
      return guard.filter(c -> c.accept(socket)).isPresent() && super.setSocketOptions(socket);
    }

    /**
     * What comes after the request, as its next one does, is kept for the container. Only while
     * nobody else reads.
     */
    boolean hasGone(SocketChannel socket) {
      SocketWrapperBase<NioChannel> wrapper = connections.get(socket);
      try {
        if (wrapper == null || wrapper.isClosed()) {
          return true;
        }
        wrapper.isReadyForRead();
        return false;
      } catch (IOException e) {
        return true; // its end, among others
      }
    }
  }
}
