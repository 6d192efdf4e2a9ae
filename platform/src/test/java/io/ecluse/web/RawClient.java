package io.ecluse.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A client that says exactly what it is told, a byte at a time if it likes, and takes its time. */
final class RawClient implements AutoCloseable {
  private static final int WAIT_MILLIS = 30_000;

  private final Socket socket;

  private RawClient(Socket socket) {
    this.socket = socket;
  }

  static RawClient to(String url) {
    return to(url, 64 << 10);
  }

  /** From another address of this machine, as 127.0.0.2. */
  static RawClient from(String address, String url) {
    return connect(address, url, 64 << 10);
  }

  /**
   * @param window how much it takes before it reads
   */
  static RawClient to(String url, int window) {
    return connect("127.0.0.1", url, window);
  }

  private static RawClient connect(String from, String url, int window) {
    try {
      Socket socket = new Socket();
      socket.bind(new InetSocketAddress(from, 0));
      socket.setReceiveBufferSize(window);
      socket.setSoTimeout(WAIT_MILLIS);
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), URI.create(url).getPort()),
          WAIT_MILLIS);
      return new RawClient(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How long it waits for an answer. */
  RawClient within(int millis) {
    try {
      socket.setSoTimeout(millis);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Says something; false if nobody listens any more. */
  boolean say(String text) {
    try {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The first line of the answer; empty if the connection ended before it came. */
  String firstLine() {
    StringBuilder line = new StringBuilder();
    try {
      for (int next = socket.getInputStream().read();
          next >= 0 && next != '\n';
          next = socket.getInputStream().read()) {
        line.append((char) next);
      }
    } catch (IOException e) {
      return line.toString().strip();
    }
    return line.toString().strip();
  }

  /** All that comes until the other side ends. */
  String everything() {
    try {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  /** Takes so many bytes of what has come, at most. */
  void take(int bytes) {
    try {
      int there = Math.min(bytes, socket.getInputStream().available());
      socket.getInputStream().readNBytes(there);
    } catch (IOException e) {
      // it has been cut off
    }
  }

  /** Whether the other side ends, while it may say what it likes before. */
  boolean ends() {
    try {
      socket.getInputStream().readAllBytes();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
