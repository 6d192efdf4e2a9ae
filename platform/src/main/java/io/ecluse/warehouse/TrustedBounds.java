package io.ecluse.warehouse;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileConstants;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.types.Type.TypeID;
import org.apache.iceberg.types.Types.NestedField;

/**
 * Takes bounds out of manifests that cannot be trusted: those of floating point that whoever wrote
 * them did not count NaN for. Such writers take them from the Parquet footer, whose bounds are
 * wrong where a group of rows has a NaN, and engines then skip files that have what they look for.
 *
 * <p>Manifests are changed as the records of Avro that they are: all else stays as it was written.
 */
final class TrustedBounds {
  private static final Set<String> BOUNDS = Set.of("lower_bounds", "upper_bounds");
  private static final String RESERVED = "avro.";

  private final StorageFileIO io;
  private final Drafts drafts;
  private final Set<Integer> floating = new HashSet<>();

  /** By the location of a manifest, the columns whose bounds it is to lose in some file. */
  private final Set<String> wrong = new HashSet<>();

  /** By the location of a manifest, what takes its place. */
  private final Map<String, Written> anew = new HashMap<>();

  private record Written(String location, long bytes) {}

  TrustedBounds(StorageFileIO io, Drafts drafts, Schema schema) {
    this.io = io;
    this.drafts = drafts;
    for (NestedField field : schema.columns()) {
      if (field.type().typeId() == TypeID.FLOAT || field.type().typeId() == TypeID.DOUBLE) {
        floating.add(field.fieldId());
      }
    }
  }

  /** Notes what a manifest says of a file. */
  void look(ManifestFile manifest, DataFile file) {
    for (int id : floating) {
      boolean counted = file.nanValueCounts() != null && file.nanValueCounts().containsKey(id);
      if (!counted && (has(file.lowerBounds(), id) || has(file.upperBounds(), id))) {
        wrong.add(manifest.path());
      }
    }
  }

  private static boolean has(Map<Integer, ?> bounds, int id) {
    return bounds != null && bounds.containsKey(id);
  }

  /**
   * What is to be the list of these manifests instead; empty if it is fine.
   *
   * @param list where it is
   */
  Optional<String> list(String list, List<ManifestFile> manifests) {
    if (manifests.stream().noneMatch(m -> wrong.contains(m.path()))) {
      return Optional.empty();
    }
    manifests.stream()
        .map(ManifestFile::path)
        .filter(wrong::contains)
        .forEach(m -> anew.computeIfAbsent(m, path -> copy(path, this::trust)));
    return Optional.of(copy(list, this::point).location());
  }

  private void point(GenericRecord manifest) {
    Written written = anew.get(String.valueOf(manifest.get("manifest_path")));
    if (written != null) {
      manifest.put("manifest_path", written.location());
      manifest.put("manifest_length", written.bytes());
    }
  }

  private void trust(GenericRecord entry) {
    GenericRecord file = (GenericRecord) entry.get("data_file");
    Set<Integer> counted = new HashSet<>();
    if (file.hasField("nan_value_counts") && file.get("nan_value_counts") instanceof List<?> nans) {
      nans.forEach(n -> counted.add(key(n)));
    }
    for (String bounds : BOUNDS) {
      if (file.get(bounds) instanceof List<?> all) {
        file.put(
            bounds,
            all.stream()
                .filter(b -> !floating.contains(key(b)) || counted.contains(key(b)))
                .toList());
      }
    }
  }

  private static int key(Object pair) {
    return ((Number) ((GenericRecord) pair).get("key")).intValue();
  }

  private interface Change {
    void of(GenericRecord entry);
  }

  private Written copy(String location, Change change) {
    OutputFile to =
        drafts.newOutputFile(
            location.substring(0, location.lastIndexOf('/') + 1) + UUID.randomUUID() + "-e.avro");
    GenericDatumReader<GenericRecord> reader = new GenericDatumReader<>();
    try (DataFileStream<GenericRecord> from =
            new DataFileStream<>(io.newInputFile(location).newStream(), reader);
        OutputStream out = to.create();
        DataFileWriter<GenericRecord> writer =
            new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(from.getSchema()))) {
      String codec = from.getMetaString(DataFileConstants.CODEC);
      writer.setCodec(
          CodecFactory.fromString(codec == null ? DataFileConstants.NULL_CODEC : codec));
      for (String key : from.getMetaKeys()) {
        if (!key.startsWith(RESERVED)) {
          writer.setMeta(key, from.getMeta(key));
        }
      }
      writer.create(from.getSchema(), out);
      while (from.hasNext()) {
        GenericRecord entry = from.next();
        change.of(entry);
        writer.append(entry);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Written(to.location(), to.toInputFile().getLength());
  }
}
