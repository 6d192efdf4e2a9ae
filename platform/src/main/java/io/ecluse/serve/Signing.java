package io.ecluse.serve;

import io.ecluse.schema.TableName;
import io.ecluse.warehouse.OpenFiles;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.rest.RESTUtil;
import org.apache.iceberg.rest.requests.RemoteSignRequest;

/**
 * Files of tables on S3 for clients that have no keys for them, and ask for that by the protocol's
 * header: they have each of their requests signed here.
 */
final class Signing {
  private static final String DELEGATION = "X-Iceberg-Access-Delegation";
  private static final String REMOTE = "remote-signing";

  private Signing() {}

  /** What a client is told of a table that it has loaded; nothing if it has not asked for it. */
  static Map<String, String> config(Visit visit, TableName table) {
    boolean wanted =
        visit
            .ask()
            .header(DELEGATION)
            .filter(
                all ->
                    Arrays.stream(all.split(","))
                        .anyMatch(each -> each.strip().toLowerCase(Locale.ROOT).equals(REMOTE)))
            .isPresent();
    if (!wanted || !visit.catalog().files().areSigned()) {
      return Map.of();
    }
    return Map.of(
        "s3.remote-signing-enabled",
        "true",
        "s3.signer",
        "S3V4RestSigner",
        "s3.signer.endpoint",
        "v1/namespaces/%s/tables/%s/sign"
            .formatted(RESTUtil.encodeString(table.schema()), RESTUtil.encodeString(table.name())),
        "py-io-impl",
        "pyiceberg.io.fsspec.FsspecFileIO");
  }

  /** Rights are asked for each request, as if it were one of the catalog's own. */
  static Answer sign(Visit visit) {
    RemoteSignRequest request = Wire.read(visit.ask(), RemoteSignRequest.class);
    TableName table = visit.name("table");
    if (visit.isHidden(table)) {
      throw new NoSuchTableException("Table does not exist: %s", table);
    }
    if (OpenFiles.isReading(request)) {
      visit.requireRead(table);
    } else if (visit.run().isEmpty()) {
      throw IcebergDoor.readOnly();
    } else {
      visit.requireWrite(table);
    }
    return Wire.ok(visit.catalog().files().sign(table, request));
  }
}
