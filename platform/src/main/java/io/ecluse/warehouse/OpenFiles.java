package io.ecluse.warehouse;

import io.ecluse.error.ErrorCode;
import io.ecluse.schema.TableName;
import io.ecluse.storage.RequestSigner;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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

  /** In a table's folder, which is named like the table when that is made. */
  private static final Pattern FILE = Pattern.compile("(([^/]+)/([^/]+)-[0-9a-f]{8})/.*");

  private final Staging staging;
  private final String runId;
  private final RunNames names;
  private final OpenTables tables;
  private final DraftFolders drafts;

  OpenFiles(RunNames names, OpenTables tables, DraftFolders drafts) {
    this.names = names;
    this.staging = names.staging();
    this.runId = names.runId();
    this.tables = tables;
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
    RequestSigner signer = requireSigner();
    RequestSigner.Request asked = asked(request);
    RequestSigner.Purpose purpose = signer.purpose(asked);
    List<String> folders = folders(table);
    if (folders.isEmpty()) {
      throw new NoSuchTableException("Table does not exist: %s", table);
    }
    if (folders.stream().noneMatch(f -> purpose.name().startsWith(f + "/"))) {
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

  private RequestSigner requireSigner() {
    return signer()
        .orElseThrow(
            () ->
                ErrorCode.INVALID_USAGE.error(
                    "Requests are signed where tables are on S3, but these are in %s"
                        .formatted(staging.root().files().io().root())));
  }

  private static RequestSigner.Request asked(RemoteSignRequest request) {
    return new RequestSigner.Request(request.method(), request.uri(), request.headers());
  }

  /**
   * The table whose file a request is for, where nobody says which.
   *
   * @throws io.ecluse.error.EcluseException as {@link #sign}
   */
  public Optional<TableName> table(RemoteSignRequest request) {
    Matcher file = FILE.matcher(requireSigner().purpose(asked(request)).name());
    if (!file.matches()) {
      return Optional.empty();
    }
    TableName named = new TableName(file.group(2), file.group(3));
    return Stream.concat(Stream.of(named), tables.names().stream())
        .filter(t -> folders(t).contains(file.group(1)))
        .findFirst();
  }

  /** Where its files are; those of a table that is about to be created may be in any of several. */
  private List<String> folders(TableName table) {
    StorageFileIO io = staging.root().files().io();
    Optional<TableMetadata> there = names.stored(names.see(table));
    return there
        .map(t -> List.of(io.name(Objects.requireNonNull(t.location()))))
        .orElseGet(() -> drafts.of(table));
  }
}
