package io.ecluse.source.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/**
 * Sockets that take as much as is there at once. The driver asks for 8 KiB at a time: for a
 * gigabyte that is a hundred thousand calls of the kernel. Named to the driver, which makes it.
 */
public final class BigReads extends SocketFactory {
  private static final int BUFFER_BYTES = 128 << 10;

  /** A socket that is read through a buffer. */
  private static final class Buffered extends Socket {
    private BufferedInputStream in;

    @SuppressWarnings("NullAway") // there is nothing to read before it is connected
    private Buffered() {}

    @Override
    public synchronized InputStream getInputStream() throws IOException {
      if (in == null) {
        in = new BufferedInputStream(super.getInputStream(), BUFFER_BYTES);
      }
      return in;
    }
  }

  @Override
  public Socket createSocket() {
    return new Buffered();
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw new UnsupportedOperationException("The driver connects sockets itself");
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort) {
    throw new UnsupportedOperationException("The driver connects sockets itself");
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw new UnsupportedOperationException("The driver connects sockets itself");
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
    throw new UnsupportedOperationException("The driver connects sockets itself");
  }
}
