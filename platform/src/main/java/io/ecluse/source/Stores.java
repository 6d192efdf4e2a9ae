package io.ecluse.source;

import io.ecluse.project.Secrets;
import io.ecluse.project.Template;
import io.ecluse.project.Value;
import io.ecluse.storage.StorageSettings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What a project says of stores elsewhere, with its secrets. */
public final class Stores {
  private Stores() {}

  /**
   * Resolves now; SECRET_MISSING if something has no value.
   *
   * @param said a map that may have the keys s3 and hdfs
   * @param folder of the project
   */
  public static StorageSettings settings(Value.Entries said, Secrets secrets, Path folder) {
    Value.Entries s3 = said.entries("s3");
    Value.Entries hdfs = said.entries("hdfs");
    Optional<StorageSettings.Keys> keys =
        s3.template("access_key")
            .flatMap(
                id ->
                    s3.template("secret_key")
                        .map(
                            secret ->
                                new StorageSettings.Keys(
                                    id.resolve(secrets), secret.resolve(secrets))));
    return new StorageSettings(
        new StorageSettings.S3(
            resolved(s3.template("endpoint"), secrets),
            resolved(s3.template("region"), secrets),
            s3.flag("path_style")
                .map(
                    path ->
                        path ? StorageSettings.Addressing.PATH : StorageSettings.Addressing.HOST),
            keys,
            "s3"),
        new StorageSettings.Hdfs(
            resolved(hdfs.template("user"), secrets),
            hdfs.word("config").map(c -> folder.resolve(c).normalize())));
  }

  /** The same for programs that ask their environment, as Amazon's and Hadoop's do. */
  public static Map<String, String> variables(StorageSettings settings) {
    Map<String, String> variables = new HashMap<>();
    settings
        .s3()
        .keys()
        .ifPresent(
            keys -> {
              variables.put("AWS_ACCESS_KEY_ID", keys.access());
              variables.put("AWS_SECRET_ACCESS_KEY", keys.secret());
            });
    settings.s3().region().ifPresent(region -> variables.put("AWS_REGION", region));
    settings.hdfs().user().ifPresent(user -> variables.put("HADOOP_USER_NAME", user));
    settings.hdfs().config().ifPresent(f -> variables.put("HADOOP_CONF_DIR", f.toString()));
    return variables;
  }

  private static Optional<String> resolved(Optional<Template> template, Secrets secrets) {
    return template.map(t -> t.resolve(secrets));
  }
}
