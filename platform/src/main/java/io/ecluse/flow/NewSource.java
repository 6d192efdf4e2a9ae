package io.ecluse.flow;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.project.ProjectReader;
import io.ecluse.project.SourceFile;
import io.ecluse.project.Vocabulary;
import io.ecluse.schema.SqlParser;
import io.ecluse.source.Discovery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A MariaDB, or a database with a JDBC driver, that somebody has just named and no file of a
 * project.
 *
 * @param file what a file would say of it; it names no stream
 * @param head the text of such a file, up to its streams
 */
public record NewDatabase(SourceFile file, String head) {
  /** The word that tells the type of a source, beside those of {@link SourceTarget}. */
  public static final String TYPE = "type";

  private static final Pattern MARIADB = Pattern.compile("(jdbc:)?(mariadb|mysql):.*");
  private static final Pattern POSTGRES = Pattern.compile("(jdbc:)?(postgres|postgresql):.*");
  private static final Pattern PASSWORD =
      Pattern.compile("(?i)(password|passwd|pwd|secret|token)=|//[^/@]*:[^/@]*@|:[^/:@]+/[^/@]+@");
  private static final List<String> OF_SERVER =
      List.of("host", "port", "database", "user", "password", "sslmode", "sslrootcert");
  private static final List<String> OF_URL = List.of("url", "user", "password", "driver_jar");

  /**
   * What a URL says, as keys of a source's file; {@link #TYPE} among them if it is no PostgreSQL's.
   *
   * @throws EcluseException INVALID_USAGE for what is no URL of a database, or holds a password
   */
  public static Map<String, String> words(String url) {
    if (MARIADB.matcher(url).matches()) {
      Map<String, String> words = new HashMap<>(SourceTarget.words(url));
      words.put(TYPE, "mariadb");
      return words;
    }
    if (!url.startsWith("jdbc:") || POSTGRES.matcher(url).matches()) {
      return SourceTarget.words(url);
    }
    if (PASSWORD.matcher(url).find()) {
      throw SourceTarget.passwordInUrl();
    }
    return Map.of(TYPE, "jdbc", "url", url);
  }

  /** Whether words are of a database of this kind. */
  public static boolean isMeant(Map<String, String> words) {
    return words.containsKey(TYPE);
  }

  /**
   * The database that these words tell of.
   *
   * @param secret the name of its password's secret; empty if it has none
   * @param parser of the files of projects
   * @throws EcluseException INVALID_USAGE, INVALID_PROJECT for words that no file may hold
   */
  public static NewDatabase of(
      String name, Map<String, String> words, Optional<String> secret, SqlParser parser) {
    Map<String, String> said = new HashMap<>(words);
    secret.ifPresent(s -> said.put("password", "${secret:" + s + "}"));
    boolean isServer = Objects.requireNonNull(words.get(TYPE)).equals("mariadb");
    if (isServer) {
      SourceTarget.requireServer(words);
    }
    StringBuilder head =
        new StringBuilder("type: ").append(Objects.requireNonNull(words.get(TYPE)));
    head.append("\nconnection:\n");
    for (String key : isServer ? OF_SERVER : OF_URL) {
      Optional.ofNullable(said.remove(key))
          .ifPresent(value -> SourceDraft.entry(head, key, written(key, value)));
    }
    said.remove(TYPE);
    said.forEach(
        (key, value) -> head.append(key).append(": ").append(SourceDraft.text(value)).append('\n'));
    return new NewDatabase(read(name, head.toString(), parser), head.toString());
  }

  private static String written(String key, String value) {
    return key.equals("port") || key.equals("password") ? value : SourceDraft.text(value);
  }

  /** As a project of nothing else would have it, with all that is checked there. */
  private static SourceFile read(String name, String head, SqlParser parser) {
    try (Scratch scratch = Scratch.open()) {
      Path sources = Files.createDirectories(scratch.folder().resolve("sources"));
      Files.writeString(scratch.folder().resolve("ecluse.yaml"), "name: looking\n");
      Files.writeString(sources.resolve(name + ".yaml"), head);
      return new ProjectReader(parser, Vocabulary.NONE)
          .read(scratch.folder())
          .orThrow()
          .source(name);
    } catch (IOException e) {
      throw new EcluseException(
          ErrorCode.INTERNAL, "Could not look at what was named: " + e.getMessage(), e);
    }
  }

  /** The text of the file that a discovery proposes. */
  public String yaml(Discovery discovery) {
    return SourceDraft.top(discovery) + head + SourceDraft.streams(discovery);
  }
}
