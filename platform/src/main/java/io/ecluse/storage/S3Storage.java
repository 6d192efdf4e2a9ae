package io.ecluse.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects of a bucket whose keys begin alike. An object appears whole, by the store's own promise;
 * the store checks each upload by MD5, which every store knows, and we its size. Beside each we
 * leave its SHA-256, which what is read must have.
 */
final class S3Storage implements Storage {
  private static final int KEYS_OF_A_DELETE = 1000;

  /** Of one object; several objects may be on their way. */
  private static final int PARTS_AT_ONCE = 4;

  /** What the checksum of an object is called that we have stored. */
  private static final String SHA256 = "sha256";

  private final String bucket;
  private final String prefix;
  private final S3Errors errors;
  private final Supplier<StorageSettings.S3> settings;
  private final Transfers parts = new Transfers(PARTS_AT_ONCE);
  private final RequestSigner signer;
  private volatile Optional<S3Client> client = Optional.empty();

  /**
   * @param folder within the bucket, without slashes around it; may be empty
   */
  S3Storage(String bucket, String folder, Supplier<StorageSettings.S3> settings) {
    this.bucket = bucket;
    this.prefix = folder.isEmpty() ? "" : folder + "/";
    this.settings = settings;
    this.errors = new S3Errors(bucket);
    this.signer = new S3RequestSigner(bucket, prefix, settings, Clock.systemUTC());
  }

  @Override
  public String location() {
    String folder = prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1);
    return "s3://" + bucket + "/" + folder;
  }

  @Override
  public Map<String, String> access() {
    return S3Clients.access(settings.get());
  }

  @Override
  public Optional<RequestSigner> signer() {
    return Optional.of(signer);
  }

  @Override
  public Optional<Path> local(String name) {
    return Optional.empty();
  }

  private String key(String name) {
    return prefix + name;
  }

  private String below(String folder) {
    return folder.isEmpty() ? prefix : prefix + folder + "/";
  }

  private String name(String key) {
    return key.substring(prefix.length());
  }

  private <T> T with(String what, String name, Function<S3Client, T> work) {
    return inParts(what, name, s3 -> Patience.whileBusy(() -> work.apply(s3)));
  }

  /** Where each part is asked for with patience of its own. */
  private <T> T inParts(String what, String name, Function<S3Client, T> work) {
    try {
      return work.apply(client());
    } catch (LocalFailure e) {
      throw LocalFailure.in(e).orElseThrow();
    } catch (SdkException e) {
      throw errors.of(what + " s3://" + bucket + "/" + key(name), e);
    }
  }

  private S3Client client() {
    Optional<S3Client> there = client;
    if (there.isEmpty()) {
      synchronized (this) {
        if (client.isEmpty()) {
          StorageSettings.S3 said = settings.get();
          errors.at(said);
          client = Optional.of(S3Clients.open(said));
        }
        there = client;
      }
    }
    return there.orElseThrow();
  }

  @Override
  public List<String> folders(String folder) {
    String below = below(folder);
    return with(
        "list",
        folder,
        s3 ->
            s3
                .listObjectsV2Paginator(r -> r.bucket(bucket).prefix(below).delimiter("/"))
                .commonPrefixes()
                .stream()
                .map(CommonPrefix::prefix)
                .map(p -> p.substring(below.length(), p.length() - 1))
                .sorted()
                .toList());
  }

  @Override
  public List<StoredFile> files(String folder) {
    return with(
        "list",
        folder,
        s3 ->
            s3
                .listObjectsV2Paginator(r -> r.bucket(bucket).prefix(below(folder)))
                .contents()
                .stream()
                .filter(o -> !o.key().endsWith("/")) // folders, as some programs make them
                .map(this::stored)
                .sorted(Comparator.comparing(StoredFile::name))
                .toList());
  }

  private StoredFile stored(S3Object object) {
    return new StoredFile(
        name(object.key()), object.size(), object.lastModified(), unquoted(object.eTag()));
  }

  private static String unquoted(String tag) {
    return tag == null ? "" : tag.replace("\"", "");
  }

  @Override
  public Optional<StoredFile> find(String name) {
    return with(
        "look at",
        name,
        s3 -> {
          try {
            HeadObjectResponse head = s3.headObject(r -> r.bucket(bucket).key(key(name)));
            return Optional.of(
                new StoredFile(
                    name, head.contentLength(), head.lastModified(), unquoted(head.eTag())));
          } catch (S3Exception e) {
            if (S3Errors.isMissing(e)) {
              return Optional.empty();
            }
            throw e;
          }
        });
  }

  @Override
  public Optional<String> sha256(String name) {
    return with(
        "look at",
        name,
        s3 -> {
          try {
            return Optional.ofNullable(
                s3.headObject(r -> r.bucket(bucket).key(key(name))).metadata().get(SHA256));
          } catch (S3Exception e) {
            if (S3Errors.isMissing(e)) {
              return Optional.empty();
            }
            throw e;
          }
        });
  }

  @Override
  public Optional<byte[]> read(String name) {
    return with(
        "read",
        name,
        s3 -> {
          try {
            ResponseBytes<GetObjectResponse> got =
                s3.getObjectAsBytes(r -> r.bucket(bucket).key(key(name)));
            requireWhole(name, got.response(), () -> Checksums.sha256(got.asByteArrayUnsafe()));
            return Optional.of(got.asByteArray());
          } catch (NoSuchKeyException e) {
            return Optional.empty();
          }
        });
  }

  @Override
  public Optional<byte[]> end(String name, int bytes) {
    return with(
        "read",
        name,
        s3 -> {
          try {
            return Optional.of(
                s3.getObjectAsBytes(r -> r.bucket(bucket).key(key(name)).range("bytes=-" + bytes))
                    .asByteArray());
          } catch (NoSuchKeyException e) {
            return Optional.empty();
          } catch (S3Exception e) {
            if (S3Errors.hasNoRange(e)) { // of nothing
              return Optional.of(new byte[0]);
            }
            throw e;
          }
        });
  }

  @Override
  public boolean download(String name, Path file) {
    boolean whole = false;
    try {
      whole =
          inParts(
              "read",
              name,
              s3 -> {
                try {
                  GetObjectResponse got = new S3Ranges(s3, bucket, parts).download(key(name), file);
                  requireWhole(name, got, () -> Checksums.sha256(file));
                  return true;
                } catch (NoSuchKeyException e) {
                  return false;
                }
              });
      return whole;
    } finally {
      if (!whole) {
        LocalErrors.delete(file);
      }
    }
  }

  /** A checksum that takes its time. */
  private interface Sum {
    String get() throws IOException;
  }

  private void requireWhole(String name, GetObjectResponse got, Sum came) {
    String stored = got.metadata().get(SHA256);
    try {
      if (stored != null && !stored.equals(came.get())) {
        throw errors.changed(name);
      }
    } catch (IOException e) {
      throw LocalErrors.of("read what came of " + name, e);
    }
  }

  @Override
  public void upload(Path file, String name) {
    try {
      long bytes = Files.size(file);
      Map<String, String> facts = Map.of(SHA256, Checksums.sha256(file));
      if (bytes <= S3Multipart.PART_BYTES) {
        put(name, S3Content.of(file, 0, bytes), facts);
      } else {
        inParts(
            "write",
            name,
            s3 -> new S3Multipart(s3, bucket, key(name), parts).upload(file, bytes, facts));
      }
      check(name, bytes);
    } catch (IOException e) {
      throw LocalErrors.of("read " + file, e);
    }
  }

  @Override
  public void write(String name, byte[] content) {
    put(name, S3Content.of(content), Map.of(SHA256, Checksums.sha256(content)));
    check(name, content.length);
  }

  private void put(String name, S3Content content, Map<String, String> facts) {
    with(
        "write",
        name,
        s3 ->
            s3.putObject(
                r -> r.bucket(bucket).key(key(name)).contentMD5(content.md5()).metadata(facts),
                content.body()));
  }

  private void check(String name, long bytes) {
    long stored = find(name).map(StoredFile::bytes).orElse(-1L);
    if (stored != bytes) {
      throw errors.incomplete(name, bytes, stored);
    }
  }

  @Override
  public boolean copy(String from, String to) {
    Optional<StoredFile> source = find(from);
    source.ifPresent(
        file ->
            inParts(
                "copy",
                from,
                s3 -> new S3Multipart(s3, bucket, key(to), parts).copy(key(from), file.bytes())));
    source.ifPresent(file -> check(to, file.bytes()));
    return source.isPresent();
  }

  @Override
  public void settle(String folder) {
    // nothing is put there by other means
  }

  @Override
  public void delete(List<String> names) {
    for (int i = 0; i < names.size(); i += KEYS_OF_A_DELETE) {
      List<ObjectIdentifier> keys =
          names.subList(i, Math.min(names.size(), i + KEYS_OF_A_DELETE)).stream()
              .map(n -> ObjectIdentifier.builder().key(key(n)).build())
              .toList();
      DeleteObjectsResponse done =
          with(
              "delete",
              names.get(i),
              s3 ->
                  s3.deleteObjects(r -> r.bucket(bucket).delete(d -> d.objects(keys).quiet(true))));
      if (!done.errors().isEmpty()) {
        throw errors.notDeleted(done.errors().get(0));
      }
    }
  }

  @Override
  public void sweep(String folder, Instant before) {
    with(
        "look for unfinished uploads to",
        folder,
        s3 -> {
          List<MultipartUpload> old = new ArrayList<>();
          s3
              .listMultipartUploadsPaginator(r -> r.bucket(bucket).prefix(below(folder)))
              .uploads()
              .stream()
              .filter(u -> u.key().startsWith(below(folder)) && u.initiated().isBefore(before))
              .forEach(old::add);
          old.forEach(u -> abort(s3, u));
          return old.size();
        });
  }

  private void abort(S3Client s3, MultipartUpload upload) {
    try {
      s3.abortMultipartUpload(r -> r.bucket(bucket).key(upload.key()).uploadId(upload.uploadId()));
    } catch (NoSuchUploadException e) {
      // somebody was faster
    }
  }

  @Override
  public void close() {
    client.ifPresent(S3Client::close);
  }
}
