package io.ecluse.storage;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The way to a store on which requests and answers go wrong one by one: each connection carries one
 * request, and a test decides what becomes of it.
 */
public final class DoubtfulDoor implements AutoCloseable {
  private static final String BODY = "<Error><Code>SlowDown</Code><Message>no</Message></Error>";
  private static final String BUSY =
      "HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
          .formatted(BODY.length(), BODY);
  private static final String FAULT_BODY =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>InternalError</Code><Message>no</Message></Error>";
  private static final String FAULT =
      "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
          .formatted(FAULT_BODY.length(), FAULT_BODY);
  private static final Pattern ITEM =
      Pattern.compile("(?s)<(Contents|CommonPrefixes)>.*?<(?:Key|Prefix)>(.*?)<.*?</\\1>");
  private static final Pattern LENGTH = Pattern.compile("(?im)^Content-Length: *(\\d+)\r?$");

  /** What becomes of a request. */
  public enum Fault {
    NONE,
    /** Nothing is done: the store is too busy. */
    THROTTLED,
    /** Nothing is done, and the connection is cut. */
    CUT,
    /** It is done, and the connection is cut before the answer. */
    ANSWER_LOST,
    /** It is done twice, and the second answer is given. */
    TWICE,
    /** It is done, and the answer is that the store is too busy. */
    DONE_BUT_BUSY,
    /** Nothing is done; the answer begins well and then tells of a fault, as S3 may. */
    FAULT_IN_ANSWER,
    /** It is done; a list has what any list before it had, as if nothing was ever deleted. */
    NOTHING_FORGOTTEN
  }

  private final ServerSocket door;
  private final int target;
  private final Function<String, Fault> faults;
  private final Map<String, Map<String, String>> listed = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();

  /**
   * @param faults asked for each request by its method and what it is for, as {@code PUT
   *     /bucket/key?partNumber=1}
   */
  public DoubtfulDoor(int target, Function<String, Fault> faults) throws IOException {
    this.target = target;
    this.faults = faults;
    this.door = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  public int port() {
    return door.getLocalPort();
  }

  /** What was asked for, in order. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        daemon(() -> carry(client));
      } catch (IOException e) {
        // closed
      }
    }
  }

  private void carry(Socket client) {
    try (client) {
      String head = head(client.getInputStream());
      if (head.isEmpty()) {
        return;
      }
      String[] words = head.split(" ", 3);
      String what = words[0] + " " + words[1];
      asked.add(what);
      if (head.matches("(?is).*\r\nExpect: *100-continue\r\n.*")) {
        client.getOutputStream().write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
      }
      Matcher length = LENGTH.matcher(head);
      byte[] body =
          client.getInputStream().readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
      answer(client, what, head, body);
    } catch (IOException e) {
      // cut by the client
    }
  }

  private void answer(Socket client, String what, String head, byte[] body) throws IOException {
    Fault fault = faults.apply(what);
    if (fault == Fault.CUT) {
      return;
    }
    if (fault == Fault.THROTTLED) {
      client.getOutputStream().write(BUSY.getBytes(ISO_8859_1));
      return;
    }
    if (fault == Fault.FAULT_IN_ANSWER) {
      client.getOutputStream().write(FAULT.getBytes(ISO_8859_1));
      return;
    }
    if (fault == Fault.TWICE) {
      done(head, body);
    }
    byte[] answer = done(head, body);
    if (fault == Fault.ANSWER_LOST) {
      return;
    }
    if (fault == Fault.DONE_BUT_BUSY) {
      client.getOutputStream().write(BUSY.getBytes(ISO_8859_1));
      return;
    }
    client
        .getOutputStream()
        .write(fault == Fault.NOTHING_FORGOTTEN ? withDeleted(what, answer) : answer);
  }

  private byte[] withDeleted(String what, byte[] answer) {
    String text = new String(answer, ISO_8859_1);
    int end = text.indexOf("\r\n\r\n") + 4;
    String head = text.substring(0, end);
    String body =
        head.toLowerCase(Locale.ROOT).contains("transfer-encoding: chunked")
            ? joined(text.substring(end))
            : text.substring(end);
    if (!body.contains("</ListBucketResult>")) {
      return answer;
    }
    Map<String, String> ever = listed.computeIfAbsent(what, w -> new ConcurrentHashMap<>());
    Set<String> now = new HashSet<>();
    for (Matcher item = ITEM.matcher(body); item.find(); ) {
      now.add(item.group(2));
      ever.put(item.group(2), item.group());
    }
    StringBuilder gone = new StringBuilder();
    ever.forEach((name, item) -> gone.append(now.contains(name) ? "" : item));
    String all = body.replace("</ListBucketResult>", gone + "</ListBucketResult>");
    return (head.replaceAll("(?im)^(Content-Length|Transfer-Encoding):.*\r\n", "")
                .replaceFirst("\r\n", "\r\nContent-Length: " + all.length() + "\r\n")
            + all)
        .getBytes(ISO_8859_1);
  }

  private static String joined(String chunks) {
    StringBuilder all = new StringBuilder();
    for (int at = 0; at < chunks.length(); ) {
      int line = chunks.indexOf("\r\n", at);
      int length = Integer.parseInt(chunks.substring(at, line).replaceFirst(";.*", "").trim(), 16);
      all.append(chunks, line + 2, line + 2 + length);
      at = length == 0 ? chunks.length() : line + 2 + length + 2;
    }
    return all.toString();
  }

  /** What the store answers, all of it. */
  private byte[] done(String head, byte[] body) throws IOException {
    String alone =
        head.replaceAll("(?im)^(Connection|Expect):.*\r\n", "")
            .replaceFirst("\r\n", "\r\nConnection: close\r\n");
    try (Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
      server.getOutputStream().write(alone.getBytes(ISO_8859_1));
      server.getOutputStream().write(body);
      server.getOutputStream().flush();
      return server.getInputStream().readAllBytes();
    }
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int last = 0;
    for (int b = in.read(); b >= 0; b = in.read()) {
      head.write(b);
      last = (last << 8) | b;
      if (last == 0x0d0a0d0a) {
        return head.toString(ISO_8859_1);
      }
    }
    return "";
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "doubtful-door");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    door.close();
  }
}
