package io.ecluse.metadata;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/**
 * What lets people and programs in: sign-in codes that work once, sessions, and bearer tokens. The
 * database holds their hashes only. Safe for use by several threads.
 */
public final class AccessTokens {
  private static final int RANDOM_BYTES = 32;
  private static final Duration CODE_LIFE = Duration.ofHours(1);
  private static final Duration SESSION_LIFE = Duration.ofDays(14);

  private final Jdbi jdbi;
  private final SecureRandom random = new SecureRandom();

  public AccessTokens(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** A code that opens one session, within an hour. */
  public String newSignInCode() {
    String code = secret("");
    jdbi.useHandle(h -> insert(h, "code", "admin", code, Optional.of(CODE_LIFE)));
    return code;
  }

  /**
   * Opens a session for a code, which is worth nothing afterwards; empty if it is worth nothing
   * already.
   */
  public Optional<String> openSession(String code) {
    return jdbi.inTransaction(
        h -> {
          Optional<String> user =
              h.createQuery(
                      "DELETE FROM access_token WHERE hash = :hash AND kind = 'code' AND expires_at > now() RETURNING name")
                  .bind("hash", hash(code))
                  .mapTo(String.class)
                  .findOne();
          return user.map(
              u -> {
                String session = secret("");
                insert(h, "session", u, session, Optional.of(SESSION_LIFE));
                h.execute("DELETE FROM access_token WHERE expires_at < now()");
                return session;
              });
        });
  }

  public void closeSession(String session) {
    jdbi.useHandle(
        h ->
            h.execute(
                "DELETE FROM access_token WHERE hash = ? AND kind = 'session'", hash(session)));
  }

  /** A token for a program, good until another of the same name is made. */
  public String newBearer(String name) {
    String token = secret("ecluse_");
    jdbi.useTransaction(
        h -> {
          h.execute("DELETE FROM access_token WHERE kind = 'bearer' AND name = ?", name);
          insert(h, "bearer", name, token, Optional.empty());
        });
    return token;
  }

  /** Who presents a session, if it is good. */
  public Optional<String> session(String session) {
    return find("session", session);
  }

  /** Who presents a bearer token, if it is good. */
  public Optional<String> bearer(String token) {
    return find("bearer", token);
  }

  private Optional<String> find(String kind, String secret) {
    return jdbi.withHandle(
        h ->
            h.createQuery(
                    "SELECT name FROM access_token WHERE hash = :hash AND kind = :kind AND (expires_at IS NULL OR expires_at > now())")
                .bind("hash", hash(secret))
                .bind("kind", kind)
                .mapTo(String.class)
                .findOne());
  }

  private static void insert(
      org.jdbi.v3.core.Handle handle,
      String kind,
      String name,
      String secret,
      Optional<Duration> life) {
    handle
        .createUpdate(
            """
            INSERT INTO access_token (hash, kind, name, created_at, expires_at)
            VALUES (:hash, :kind, :name, now(), now() + :seconds * interval '1 second')
            """)
        .bind("hash", hash(secret))
        .bind("kind", kind)
        .bind("name", name)
        .bindByType("seconds", life.map(Duration::toSeconds).orElse(null), Long.class)
        .execute();
  }

  private String secret(String prefix) {
    byte[] bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** The secrets are random and long, so a plain hash cannot be guessed back. */
  private static String hash(String secret) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("Every Java platform has SHA-256", e);
    }
  }
}
