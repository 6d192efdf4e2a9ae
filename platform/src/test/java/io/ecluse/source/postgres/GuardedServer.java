package io.ecluse.source.postgres;

import io.ecluse.postgres.PostgresServer;
import io.ecluse.postgres.PostgresSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.Map;

/** A server of its own that speaks TLS and admits whom its pg_hba.conf says. */
final class GuardedServer implements AutoCloseable {
  private static final char[] STORE = "changeit".toCharArray();

  private final Path folder;
  private final PostgresServer server;
  private final Path certificate;

  private GuardedServer(Path folder, PostgresServer server, Path certificate) {
    this.folder = folder;
    this.server = server;
    this.certificate = certificate;
  }

  /** Its certificate is for localhost, and nobody else has signed it. */
  static GuardedServer start(Path folder) throws Exception {
    KeyStore keys = keys(folder.resolve("server.p12"));
    Path certificate = certificate(keys, folder.resolve("trusted.crt"));
    PostgresServer server =
        PostgresServer.open(new PostgresSettings(folder.resolve("postgres"), 0, Map.of()));
    GuardedServer guarded = new GuardedServer(folder, server, certificate);
    guarded.write("server.crt", Files.readString(certificate));
    guarded.write("server.key", pem("PRIVATE KEY", keys.getKey("it", STORE).getEncoded()));
    guarded.execute("ALTER SYSTEM SET ssl = on");
    guarded.reload();
    return guarded;
  }

  /** The file to trust. */
  Path certificate() {
    return certificate;
  }

  /** A certificate that this server does not have. */
  Path anotherCertificate() {
    try {
      return certificate(keys(folder.resolve("other.p12")), folder.resolve("other.crt"));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  PostgresServer server() {
    return server;
  }

  /** Admits what these lines of pg_hba.conf say, and always the superuser. */
  void admit(String... lines) throws SQLException {
    write("pg_hba.conf", String.join("\n", lines) + "\nhost all ecluse 127.0.0.1/32 scram-sha-256");
    reload();
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = server.connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void reload() throws SQLException {
    try (Connection connection = server.connect("postgres");
        Statement statement = connection.createStatement();
        ResultSet before = statement.executeQuery("SELECT pg_conf_load_time()")) {
      before.next();
      String time = before.getString(1);
      statement.execute("SELECT pg_reload_conf()");
      boolean loaded = false;
      while (!loaded) {
        try (ResultSet after =
            statement.executeQuery("SELECT pg_conf_load_time() > '" + time + "'")) {
          after.next();
          loaded = after.getBoolean(1);
        }
      }
    }
  }

  /** Has the server write a file of its data folder, so that it is the owner. */
  private void write(String name, String text) throws SQLException {
    Path file = folder.resolve("postgres").resolve("data").resolve(name);
    execute(
        "COPY (SELECT unnest(string_to_array('%s', E'\\n'))) TO '%s'"
            .formatted(text.strip(), file));
    try {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static KeyStore keys(Path file) throws Exception {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "it",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-storetype",
                "PKCS12",
                "-storepass",
                String.valueOf(STORE),
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (keytool.waitFor() != 0) {
      throw new AssertionError("keytool failed");
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, STORE);
    }
    return keys;
  }

  private static Path certificate(KeyStore keys, Path file)
      throws GeneralSecurityException, IOException {
    return Files.writeString(file, pem("CERTIFICATE", keys.getCertificate("it").getEncoded()));
  }

  private static String pem(String what, byte[] bytes) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(what, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes), what);
  }

  @Override
  public void close() {
    server.close();
  }
}
