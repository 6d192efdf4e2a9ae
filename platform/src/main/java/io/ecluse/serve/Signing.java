package io.ecluse.serve;

import io.ecluse.schema.TableName;
import io.ecluse.warehouse.OpenFiles;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.rest.requests.RemoteSignRequest;

/**
 * Files of tables on S3 for clients that have no keys for them, and ask for that by the protocol's
 * header: they have each of their requests signed here.
 */
final class Signing {
  private static final String DELEGATION = "X-Iceberg-Access-Delegation";
  private static final String REMOTE = "remote-signing";

  /**
   * Where clients sign that know of no address of each table. PyIceberg is told it, too: it keeps
   * one client of the store for all tables, which signs at one address.
   */
  static final String ADDRESS = "/v1/aws/s3/sign";

  private Signing() {}

  /** What a client is told of a table that it has loaded; nothing if it has not asked for it. */
  static Map<String, String> config(Visit visit) {
    boolean wanted =
        visit
            .ask()
            .header(DELEGATION)
            .filter(
                all ->
                    Arrays.stream(all.split(",", -1))
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
        ADDRESS.substring(1),
        "py-io-impl",
        "pyiceberg.io.fsspec.FsspecFileIO");
  }

  /** Rights are asked for each request, as if it were one of the catalog's own. */
  static Answer sign(Visit visit) {
    return sign(visit, Wire.read(visit.ask(), RemoteSignRequest.class), visit.name("table"));
  }

  /** The same at the address of before, which names no table. */
  static Answer signAny(Visit visit) {
    RemoteSignRequest request = Wire.read(visit.ask(), RemoteSignRequest.class);
    return sign(
        visit,
        request,
        visit
            .catalog()
            .files()
            .table(request)
            .orElseThrow(
                () -> new ForbiddenException("%s is no file of a table here", request.uri())));
  }

  private static Answer sign(Visit visit, RemoteSignRequest request, TableName table) {
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
