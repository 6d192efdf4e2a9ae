package io.ecluse.cli;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The door by which commands reach the server that runs on their project: a local socket that only
 * the user of the server can open. {@code .ecluse/door/ENVIRONMENT}, in a folder of mode 0700, says
 * where it is, which version is behind it, and of which folder.
 *
 * <p>A client sends a {@link Request}, and may later send {@link #INTERRUPT}. It gets frames: one
 * byte of {@link #OUT}, {@link #ERR}, {@link #END} or {@link #ELSEWHERE}, the length of what
 * follows in four bytes, and that.
 */
final class Door {
  static final byte OUT = 1;
  static final byte ERR = 2;

  /** The exit code follows; nothing comes after it. */
  static final byte END = 3;

  /** The server is not the one to do this: the command does it itself. */
  static final byte ELSEWHERE = 4;

  static final byte INTERRUPT = 9;

  private static final int MOST_WORDS = 10_000;
  private static final int MOST_BYTES = 16 << 20;

  private Door() {}

  /** Where it says where the door is; empty for what cannot be an environment. */
  static Optional<Path> sign(Path project, String environment) {
    return environment.matches("[A-Za-z0-9_-]{1,64}")
        ? Optional.of(project.resolve(".ecluse").resolve("door").resolve(environment))
        : Optional.empty();
  }

  /** What the file system looks like from here: of another container, paths mean something else. */
  static String view() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")).toString();
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }

  /** The version of this program; of what was built from changed sources, the time of that. */
  static String version() {
    String version = Door.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /**
   * A command as it was typed.
   *
   * @param folder where
   * @param zone its time zone
   * @param terminal whether its output is a terminal
   * @param view of {@link Door#view()}
   * @param variables those that concern the platform
   */
  record Request(
      Path folder,
      String zone,
      RunWatcher.Terminal terminal,
      String view,
      Map<String, String> variables,
      List<String> words) {
    Request {
      variables = Map.copyOf(variables);
      words = List.copyOf(words);
    }

    byte[] bytes() throws IOException {
      List<String> all =
          new ArrayList<>(
              List.of(
                  folder.toString(),
                  zone,
                  terminal.name(),
                  view,
                  String.valueOf(variables.size())));
      variables.forEach((name, value) -> all.addAll(List.of(name, value)));
      all.addAll(words);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeInt(all.size());
      for (String word : all) {
        byte[] text = word.getBytes(StandardCharsets.UTF_8);
        out.writeInt(text.length);
        out.write(text);
      }
      return bytes.toByteArray();
    }

    static Request read(InputStream stream) throws IOException {
      DataInputStream in = new DataInputStream(stream);
      int count = bounded(in.readInt(), MOST_WORDS);
      List<String> all = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        all.add(new String(exactly(in, bounded(in.readInt(), MOST_BYTES)), StandardCharsets.UTF_8));
      }
      Iterator<String> words = all.iterator();
      Path folder = Path.of(words.next());
      String zone = words.next();
      RunWatcher.Terminal terminal = RunWatcher.Terminal.valueOf(words.next());
      String view = words.next();
      Map<String, String> variables = new HashMap<>();
      for (int i = Integer.parseInt(words.next()); i > 0; i--) {
        variables.put(words.next(), words.next());
      }
      List<String> rest = new ArrayList<>();
      words.forEachRemaining(rest::add);
      return new Request(folder, zone, terminal, view, variables, rest);
    }

    private static int bounded(int number, int most) throws IOException {
      if (number < 0 || number > most) {
        throw new IOException("A request may hold at most " + most + ", but has " + number);
      }
      return number;
    }
  }

  static byte[] exactly(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("The other end has gone");
    }
    return bytes;
  }

  /** Reads of a channel while another thread writes to it. */
  static InputStream reading(SocketChannel channel) {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        return channel.read(ByteBuffer.wrap(bytes, offset, length));
      }
    };
  }

  /** Writes frames of one kind; several threads may write frames to one channel. */
  static OutputStream frames(SocketChannel channel, byte kind) {
    return new OutputStream() {
      @Override
      public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        send(channel, kind, ByteBuffer.wrap(bytes, offset, length));
      }
    };
  }

  static void send(SocketChannel channel, byte kind, ByteBuffer content) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(5).put(kind).putInt(content.remaining()).flip();
    ByteBuffer[] frame = {head, content};
    synchronized (channel) {
      while (content.hasRemaining() || head.hasRemaining()) {
        channel.write(frame);
      }
    }
  }
}
