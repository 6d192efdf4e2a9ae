package io.ecluse.warehouse;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.TableName;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.types.Type.TypeID;
import org.apache.iceberg.types.Types.NestedField;

/** What tables may be that other engines write: such that everything here can read them. */
final class ForeignRules {
  private static final Set<TypeID> TYPES =
      Set.of(
          TypeID.BOOLEAN,
          TypeID.INTEGER,
          TypeID.LONG,
          TypeID.FLOAT,
          TypeID.DOUBLE,
          TypeID.DECIMAL,
          TypeID.DATE,
          TypeID.TIMESTAMP,
          TypeID.STRING,
          TypeID.UUID,
          TypeID.FIXED,
          TypeID.BINARY);

  private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,127}");
  private static final Pattern UNIQUE =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  private static final String RUNS = "run_";

  private ForeignRules() {}

  /**
   * @throws EcluseException INVALID_USAGE for a name that no new table may have
   */
  static void check(TableName name) {
    checkName("schema", name.schema());
    checkName("table", name.name());
  }

  static void checkName(String what, String name) {
    if (!NAME.matcher(name).matches()) {
      throw ErrorCode.INVALID_USAGE.error(
          "A new %s is named with letters from a to z, digits and underscores, but '%s' is not"
              .formatted(what, name));
    }
  }

  /**
   * @param changed as whoever commits sees it
   * @param published what is published, if anything is
   * @throws EcluseException DATA_INVALID for what could not be read or published here
   */
  static void check(TableName name, TableMetadata changed, Optional<TableMetadata> published) {
    if (changed.formatVersion() != 2) {
      throw refused(
          name,
          "has format version %d; tables here have version 2".formatted(changed.formatVersion()));
    }
    checkColumns(name, changed.schema());
    if (!UNIQUE.matcher(String.valueOf(changed.uuid())).matches()) {
      throw refused(name, "has %s for its UUID, which is none".formatted(changed.uuid()));
    }
    changed.refs().keySet().stream()
        .filter(ref -> ref.startsWith(RUNS))
        .findFirst()
        .ifPresent(
            ref -> {
              throw refused(
                  name, "has a branch %s; names that begin with run_ are runs'".formatted(ref));
            });
    published.ifPresent(before -> checkKept(name, changed, before));
  }

  /**
   * @throws EcluseException DATA_INVALID for columns that tables here cannot have
   */
  static void checkColumns(TableName name, Schema schema) {
    for (NestedField field : schema.columns()) {
      if (!TYPES.contains(field.type().typeId())) {
        throw refused(
            name,
            "has a column %s of type %s, which tables here cannot have; write it as %s"
                .formatted(field.name(), field.type(), instead(field)));
      }
    }
    long names =
        schema.columns().stream().map(f -> f.name().toLowerCase(Locale.ROOT)).distinct().count();
    if (names < schema.columns().size()) {
      throw refused(name, "has two columns whose names differ in case alone");
    }
    if (schema.columns().isEmpty()) {
      throw refused(name, "has no columns");
    }
  }

  private static String instead(NestedField field) {
    return field.type().typeId() == TypeID.TIME ? "text, or seconds as an integer" : "text (JSON)";
  }

  private static void checkKept(TableName name, TableMetadata changed, TableMetadata before) {
    Set<Long> still =
        changed.snapshots().stream().map(Snapshot::snapshotId).collect(Collectors.toSet());
    if (before.uuid().equals(changed.uuid())
        && before.snapshots().stream().anyMatch(s -> !still.contains(s.snapshotId()))) {
      throw refused(
          name,
          "loses published states; how long they are kept says warehouse.keep_snapshots, and the platform sees to it");
    }
  }

  static EcluseException refused(TableName name, String why) {
    return ErrorCode.DATA_INVALID.error("%s was not changed: it %s".formatted(name, why));
  }
}
