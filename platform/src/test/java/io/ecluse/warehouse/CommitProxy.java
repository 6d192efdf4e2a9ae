package io.ecluse.warehouse;

import io.ecluse.BrokenNetwork;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A network to a PostgreSQL that breaks when a transaction is to be committed. */
final class CommitProxy extends BrokenNetwork {
  /** The driver gives the statement a name, and then says only that. */
  private static final Pattern PREPARED = Pattern.compile("(S_\\d+)\0COMMIT\0");

  private final Set<Socket> deaf = ConcurrentHashMap.newKeySet();
  private final Map<Socket, String> names = new ConcurrentHashMap<>();
  private final AtomicReference<Cut> next = new AtomicReference<>(Cut.NONE);

  /** Where the next commit is cut off. */
  enum Cut {
    NONE,
    /** The server never hears of it. */
    BEFORE,
    /** The server has done it, and its answer is lost. */
    AFTER
  }

  CommitProxy(int target) throws IOException {
    super(target);
  }

  void cutNextCommit(Cut cut) {
    next.set(cut);
  }

  @Override
  protected Fate fate(Way way, Socket client, byte[] buffer, int length) {
    if (way == Way.TO_CLIENT) {
      return deaf.contains(client) ? Fate.CUT : Fate.CARRIED; // the answer to the commit
    }
    String text = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
    Matcher parsed = PREPARED.matcher(text);
    if (parsed.find()) {
      names.put(client, parsed.group(1));
    }
    String name = names.getOrDefault(client, "");
    boolean commit =
        text.contains("COMMIT\0") || (!name.isEmpty() && text.contains("\0" + name + "\0"));
    Cut cut = commit ? next.getAndSet(Cut.NONE) : Cut.NONE;
    if (cut == Cut.AFTER) {
      deaf.add(client);
    }
    return cut == Cut.BEFORE ? Fate.CUT : Fate.CARRIED;
  }
}
