package io.ecluse.access;

import io.ecluse.text.Sha256;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * What lets people and programs in: sign-in codes that work once, sessions that end when nobody
 * uses them, and bearer tokens. The database holds their hashes only; its clock counts. Safe for
 * use by several threads.
 */
public final class AccessTokens {
  public static final Duration BEARER_LIFE = Duration.ofDays(90);
  public static final Duration SESSION_LIFE = Duration.ofDays(14);
  public static final Duration SESSION_IDLE = Duration.ofHours(24);

  private static final int RANDOM_BYTES = 32;
  private static final Duration CODE_LIFE = Duration.ofHours(1);

  /** A use is written down if the last one that was is older; not to write at each request. */
  private static final Duration USE_NOTED_AFTER = Duration.ofMinutes(1);

  /** What makes a token good; a session counts from its last use. */
  private static final String GOOD =
      """
      hash = :hash AND kind IN ('session', 'bearer') AND (expires_at IS NULL OR expires_at > now())
      AND (kind <> 'session' OR COALESCE(used_at, created_at) > now() - :idle * interval '1 millisecond')
      """;

  /** By what whoever signs in by a link is known; the name gives no right. */
  private static final String SIGNED_IN = "admin";

  private final Jdbi jdbi;
  private final Policy policy;
  private final Duration sessionIdle;
  private final SecureRandom random = new SecureRandom();

  /** A bearer token, by what may be known of it. */
  public record Bearer(
      String name, Instant createdAt, Optional<Instant> expiresAt, Optional<Instant> usedAt) {}

  /**
   * @param policy knows the roles of those who come in
   */
  public AccessTokens(Jdbi jdbi, Policy policy) {
    this(jdbi, policy, SESSION_IDLE);
  }

  private AccessTokens(Jdbi jdbi, Policy policy, Duration sessionIdle) {
    this.jdbi = jdbi;
    this.policy = policy;
    this.sessionIdle = sessionIdle;
  }

  /** The same, where a session ends after so long without use. */
  public AccessTokens withSessionIdle(Duration idle) {
    return new AccessTokens(jdbi, policy, idle);
  }

  /** A code that opens one session, within an hour. */
  public String newSignInCode() {
    String code = secret("");
    jdbi.useHandle(h -> insert(h, "code", SIGNED_IN, code, Optional.of(CODE_LIFE)));
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
                  .bind("hash", fingerprint(code))
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
                "DELETE FROM access_token WHERE hash = ? AND kind = 'session'",
                fingerprint(session)));
  }

  /** Ends all sessions; how many there were. */
  public int closeSessions() {
    return jdbi.withHandle(h -> h.execute("DELETE FROM access_token WHERE kind = 'session'"));
  }

  /** A token for a program, good for a while, or until another of the same name is made. */
  public String newBearer(String name) {
    return newBearer(name, Optional.of(BEARER_LIFE));
  }

  /**
   * A token for a program, good until another of the same name is made.
   *
   * @param life how long at most; without it, for ever
   */
  public String newBearer(String name, Optional<Duration> life) {
    String token = secret("ecluse_");
    jdbi.useTransaction(
        h -> {
          h.execute("DELETE FROM access_token WHERE kind = 'bearer' AND name = ?", name);
          insert(h, "bearer", name, token, life);
        });
    return token;
  }

  /** The bearer tokens there are, those that have expired among them, by name. */
  public List<Bearer> bearers() {
    return jdbi.withHandle(
        h ->
            h.createQuery(
                    "SELECT name, created_at, expires_at, used_at FROM access_token WHERE kind = 'bearer' ORDER BY name")
                .map(
                    (row, context) ->
                        new Bearer(
                            row.getString("name"),
                            row.getTimestamp("created_at").toInstant(),
                            Optional.ofNullable(row.getTimestamp("expires_at"))
                                .map(java.sql.Timestamp::toInstant),
                            Optional.ofNullable(row.getTimestamp("used_at"))
                                .map(java.sql.Timestamp::toInstant)))
                .list());
  }

  /** Makes a bearer token worth nothing; false if there is none of this name. */
  public boolean revoke(String name) {
    return jdbi.withHandle(
            h -> h.execute("DELETE FROM access_token WHERE kind = 'bearer' AND name = ?", name))
        > 0;
  }

  /** Who presents a session, if it is good; it has been used now. */
  public Optional<Caller> session(String session) {
    return use("session", session).map(name -> caller(name, Caller.Means.SESSION));
  }

  /** Who presents a bearer token, if it is good; it has been used now. */
  public Optional<Caller> bearer(String token) {
    return use("bearer", token).map(name -> caller(name, Caller.Means.TOKEN));
  }

  private Caller caller(String name, Caller.Means means) {
    return new Caller(name, means, policy.roles(name));
  }

  /**
   * Whether a session or bearer token is good still. To ask is no use of it.
   *
   * @param fingerprint of the secret
   */
  public boolean isGood(String fingerprint) {
    return jdbi.withHandle(
        h ->
            h.createQuery("SELECT 1 FROM access_token WHERE " + GOOD)
                .bind("hash", fingerprint)
                .bind("idle", sessionIdle.toMillis())
                .mapTo(Integer.class)
                .findOne()
                .isPresent());
  }

  private record Found(String name, boolean noteUse) {}

  private Optional<String> use(String kind, String secret) {
    String hash = fingerprint(secret);
    long noted = Math.min(USE_NOTED_AFTER.toMillis(), sessionIdle.toMillis() / 4);
    return jdbi.withHandle(
        h -> {
          Optional<Found> found =
              h.createQuery(
                      "SELECT name, COALESCE(used_at < now() - :noted * interval '1 millisecond', true) FROM access_token WHERE kind = :kind AND "
                          + GOOD)
                  .bind("hash", hash)
                  .bind("kind", kind)
                  .bind("noted", noted)
                  .bind("idle", sessionIdle.toMillis())
                  .map((row, context) -> new Found(row.getString(1), row.getBoolean(2)))
                  .findOne();
          if (found.filter(Found::noteUse).isPresent()) {
            h.execute("UPDATE access_token SET used_at = now() WHERE hash = ?", hash);
          }
          return found.map(Found::name);
        });
  }

  private static void insert(
      Handle handle, String kind, String name, String secret, Optional<Duration> life) {
    handle
        .createUpdate(
            """
            INSERT INTO access_token (hash, kind, name, created_at, expires_at)
            VALUES (:hash, :kind, :name, now(), now() + :seconds * interval '1 second')
            """)
        .bind("hash", fingerprint(secret))
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

  /**
   * By what a secret is known here. Secrets are random and long, so a plain hash cannot be guessed
   * back, and how long it takes to look for one tells nothing of those there are.
   */
  public static String fingerprint(String secret) {
    return Sha256.of(secret);
  }
}
