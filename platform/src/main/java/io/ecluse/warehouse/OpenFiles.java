package io.ecluse.warehouse;

import io.ecluse.error.ErrorCode;
import io.ecluse.schema.TableName;
import io.ecluse.storage.RequestSigner;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.rest.requests.RemoteSignRequest;
import org.apache.iceberg.rest.responses.ImmutableRemoteSignResponse;
import org.apache.iceberg.rest.responses.RemoteSignResponse;

/**
 * Files of tables in a store, for engines of others that have no keys for it: each of their
 * requests is signed, if it reads a file of the table, or makes a new one while the run may write.
 * No file is replaced or deleted. Safe for use by several threads.
 */
public final class OpenFiles {
  private static final Set<String> READS = Set.of("GET", "HEAD");

  private final Staging staging;
  private final String runId;
  private final RunNames names;
  private final DraftFolders drafts;

  OpenFiles(Staging staging, String runId, DraftFolders drafts) {
    this.staging = staging;
    this.runId = runId;
    this.names = new RunNames(staging, runId);
    this.drafts = drafts;
  }

  /** Whether requests are signed at all; if not, files are read and written by their paths. */
  public boolean areSigned() {
    return signer().isPresent();
  }

  private Optional<RequestSigner> signer() {
    return staging.root().files().io().places().storage().signer();
  }

  /** Lets a run put files where a table is to be, before it is. */
  public void draft(TableName table, TableMetadata metadata) {
    if (areSigned()) {
      drafts.add(table, staging.root().files().io().name(metadata.location()));
    }
  }

  /** Whether a request changes nothing. */
  public static boolean isReading(RemoteSignRequest request) {
    return READS.contains(request.method().toUpperCase(Locale.ROOT));
  }

  /**
   * What a request has to have to be taken by the store.
   *
   * @throws io.ecluse.error.EcluseException FORBIDDEN for what is no file of the table, or
   *     something else than reading it or making it anew; INVALID_USAGE if nothing is signed; by
   *     the fence
   * @throws NoSuchTableException if there is no such table
   * @throws AlreadyExistsException for a file that is there
   */
  public RemoteSignResponse sign(TableName table, RemoteSignRequest request) {
    RequestSigner signer =
        signer()
            .orElseThrow(
                () ->
                    ErrorCode.INVALID_USAGE.error(
                        "Requests are signed where tables are on S3, but these are in %s"
                            .formatted(staging.root().files().io().root())));
    RequestSigner.Request asked =
        new RequestSigner.Request(request.method(), request.uri(), request.headers());
    RequestSigner.Purpose purpose = signer.purpose(asked);
    if (folders(table).stream().noneMatch(f -> purpose.name().startsWith(f + "/"))) {
      throw ErrorCode.FORBIDDEN.error(
          "The request to the store was not signed: %s is no file of %s"
              .formatted(purpose.name(), table));
    }
    if (purpose.effect() != RequestSigner.Effect.READS) {
      staging.jdbi().useTransaction(h -> staging.hold(h, runId));
    }
    if (purpose.effect() == RequestSigner.Effect.MAKES
        && staging.root().files().io().places().storage().find(purpose.name()).isPresent()) {
      throw new AlreadyExistsException(
          "File already exists: %s; files are made once, under names of their own", purpose.name());
    }
    RequestSigner.Request signed = signer.sign(asked);
    return ImmutableRemoteSignResponse.builder()
        .uri(signed.uri())
        .headers(signed.headers())
        .build();
  }

  /** Where its files are; those of a table that is about to be created may be in any of several. */
  private List<String> folders(TableName table) {
    StorageFileIO io = staging.root().files().io();
    Optional<TableMetadata> there = names.stored(names.see(table));
    List<String> folders =
        there
            .map(t -> List.of(io.name(Objects.requireNonNull(t.location()))))
            .orElseGet(() -> drafts.of(table));
    if (folders.isEmpty()) {
      throw new NoSuchTableException("Table does not exist: %s", table);
    }
    return folders;
  }
}
