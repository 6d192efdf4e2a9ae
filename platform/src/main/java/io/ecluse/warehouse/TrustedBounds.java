package io.ecluse.warehouse;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Schema;
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

  private final AvroCopies copies;
  private final Set<Integer> floating = new HashSet<>();

  /** By the location of a manifest, the columns whose bounds it is to lose in some file. */
  private final Set<String> wrong = new HashSet<>();

  /** By the location of a manifest, what takes its place. */
  private final Map<String, AvroCopies.Written> anew = new HashMap<>();

  TrustedBounds(StorageFileIO io, Drafts drafts, Schema schema) {
    this.copies = new AvroCopies(io, drafts);
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
        .forEach(m -> anew.computeIfAbsent(m, path -> copies.copy(path, this::trust)));
    return Optional.of(copies.copy(list, this::point).location());
  }

  private void point(GenericRecord manifest) {
    AvroCopies.Written written = anew.get(String.valueOf(manifest.get("manifest_path")));
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
}
