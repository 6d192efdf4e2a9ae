package io.ecluse.flow;

import io.ecluse.project.Secrets;
import io.ecluse.project.StoreAccess;
import io.ecluse.project.Template;
import io.ecluse.storage.StorageSettings;
import java.nio.file.Path;
import java.util.Optional;

/** What a project says of stores, with its secrets. */
public final class Stores {
  private Stores() {}

  /**
   * Resolves now; SECRET_MISSING if something has no value.
   *
   * @param folder of the project
   */
  public static StorageSettings settings(StoreAccess access, Secrets secrets, Path folder) {
    StoreAccess.S3 s3 = access.s3();
    Optional<StorageSettings.Keys> keys =
        s3.accessKey()
            .flatMap(
                id ->
                    s3.secretKey()
                        .map(
                            secret ->
                                new StorageSettings.Keys(
                                    id.resolve(secrets), secret.resolve(secrets))));
    return new StorageSettings(
        new StorageSettings.S3(
            resolved(s3.endpoint(), secrets),
            resolved(s3.region(), secrets),
            s3.pathStyle()
                .map(
                    path ->
                        path ? StorageSettings.Addressing.PATH : StorageSettings.Addressing.HOST),
            keys),
        new StorageSettings.Hdfs(
            resolved(access.hdfs().user(), secrets),
            access.hdfs().config().map(c -> folder.resolve(c).normalize())));
  }

  private static Optional<String> resolved(Optional<Template> template, Secrets secrets) {
    return template.map(t -> t.resolve(secrets));
  }
}
