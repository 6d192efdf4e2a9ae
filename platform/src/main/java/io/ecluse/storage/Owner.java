package io.ecluse.storage;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Whose files are in a location: two projects in one would read each other's, and delete them. A
 * file beside them says it. What is copied together with the folder, or moved with it, goes on
 * being its project's.
 *
 * @param kind of what is there
 * @param catalog who the project is, as its metadata database knows it
 * @param home where that database is, never a secret; a folder of this machine, if it is private
 */
public record Owner(Kind kind, String catalog, String home) {
  /** What a location is for. */
  public enum Kind {
    STAGING("staging", "batches"),
    WAREHOUSE("warehouse", "tables");

    private final String word;
    private final String content;

    Kind(String word, String content) {
      this.word = word;
      this.content = content;
    }

    /** Its section in a project's settings. */
    public String word() {
      return word;
    }

    /** What is there, for people. */
    public String content() {
      return content;
    }

    /** The name of what says whose it is. */
    public String file() {
      return "ecluse-%s.txt".formatted(word);
    }
  }

  private record Claim(String catalog, String home, String machine, String location) {
    static Optional<Claim> read(Kind kind, Storage storage) {
      List<String> lines =
          storage
              .read(kind.file())
              .map(b -> new String(b, StandardCharsets.UTF_8).lines().toList())
              .orElse(List.of());
      return lines.size() < 4
          ? Optional.empty()
          : Optional.of(new Claim(lines.get(0), lines.get(1), lines.get(2), lines.get(3)));
    }

    byte[] text() {
      return "%s\n%s\n%s\n%s\n"
          .formatted(catalog, home, machine, location)
          .getBytes(StandardCharsets.UTF_8);
    }
  }

  /**
   * Refuses another's location.
   *
   * @throws EcluseException CONFLICT
   */
  public void requireOurs(Storage storage) {
    Claim mine = claim(storage);
    Claim.read(kind, storage)
        .filter(there -> !isOurs(there, mine))
        .ifPresent(t -> refuse(t, storage));
  }

  /**
   * Says whose the location is, unless it says so already. Of two that do so at once, one is
   * refused when it looks again.
   *
   * @throws EcluseException CONFLICT when it is another's
   */
  public void take(Storage storage) {
    requireOurs(storage);
    Claim mine = claim(storage);
    if (!Claim.read(kind, storage).equals(Optional.of(mine))) {
      storage.write(kind.file(), mine.text());
    }
  }

  private Claim claim(Storage storage) {
    return new Claim(catalog, home, machine(), storage.location());
  }

  private static boolean isOurs(Claim there, Claim mine) {
    if (!there.catalog().equals(mine.catalog())) {
      return false;
    }
    boolean copiedWithItsFolder = !there.location().equals(mine.location());
    return copiedWithItsFolder || there.home().equals(mine.home()) || hasGone(there, mine);
  }

  /** The project was moved: where its database was is none. A shared one has many names. */
  private static boolean hasGone(Claim there, Claim mine) {
    boolean isShared = !there.home().startsWith("/") && !mine.home().startsWith("/");
    return isShared
        || there.machine().equals(mine.machine())
            && there.home().startsWith("/")
            && !Files.exists(Path.of(there.home()).resolve("data").resolve("PG_VERSION"));
  }

  private void refuse(Claim there, Storage storage) {
    throw ErrorCode.CONFLICT.error(
        "The %s location %s is another project's, whose database is %s on %s; give this project a %s.location of its own. If that project is gone, and its %s are not needed, remove them and %s from there"
            .formatted(
                kind.word,
                storage.location(),
                there.home(),
                there.machine(),
                kind.word,
                kind.content,
                kind.file()));
  }

  private static String machine() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "this machine";
    }
  }
}
