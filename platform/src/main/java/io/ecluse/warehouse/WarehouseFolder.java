package io.ecluse.warehouse;

import io.ecluse.disk.Disk;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The folder of an environment's tables, and whose it is. The catalog and the metadata of Iceberg
 * name files by absolute paths; when the project was moved or copied, those of the folder where it
 * was mean those of the folder where it is.
 */
final class WarehouseFolder {
  private static final String CLAIM = ".ecluse-warehouse";

  private final Jdbi jdbi;
  private final FolderRows rows;
  private final LocalFileIO io;
  private final Disk disk;
  private volatile Path location;
  private volatile Optional<Claim> own = Optional.empty();

  WarehouseFolder(Jdbi jdbi, FolderRows rows, Path location, LocalFileIO io, Disk disk) {
    this.jdbi = jdbi;
    this.rows = rows;
    this.location = location;
    this.io = io;
    this.disk = disk;
  }

  /**
   * What a folder says of itself.
   *
   * @param catalog which one its tables are in
   * @param folder where it was then
   * @param home where the catalog was then
   */
  record Claim(UUID catalog, Path folder, String home) {
    static Optional<Claim> read(Path folder) {
      try {
        Path file = folder.resolve(CLAIM);
        if (!Files.exists(file)) {
          return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file);
        return Optional.of(
            new Claim(UUID.fromString(lines.get(0)), Path.of(lines.get(1)), lines.get(2)));
      } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
        throw new EcluseException(
            ErrorCode.WAREHOUSE_MISMATCH,
            "%s cannot be read, so nobody knows whose tables are in that folder: %s"
                .formatted(folder.resolve(CLAIM), e),
            e);
      }
    }

    byte[] text() {
      return "%s%n%s%n%s%n".formatted(catalog, folder, home).getBytes(StandardCharsets.UTF_8);
    }
  }

  Path location() {
    return location;
  }

  /** Known once it is settled. */
  String catalog() {
    return own.orElseThrow().catalog().toString();
  }

  /**
   * Finds out where the tables are now, once, before anything else is done with them.
   *
   * @throws EcluseException WAREHOUSE_MISMATCH when the catalog's tables are not in the folder, or
   *     when both are another project's too
   */
  void settle(Home home) {
    Path here = real(location);
    UUID catalog =
        jdbi.inTransaction(
            h -> {
              rows.lock(h);
              Set<Path> before = before(h, here);
              UUID own = rows.settle(h, here);
              requireNobodyElses(h, own, here, before);
              before.forEach(each -> adopt(h, each, here, home));
              return own;
            });
    io.moved(jdbi.withHandle(rows::former), here);
    location = here;
    Claim claim = new Claim(catalog, here, home.place());
    requireAlone(claim, home);
    own = Optional.of(claim);
    if (isOurs(claim)) {
      claim();
    }
  }

  /** The folders that the catalog's tables were in. */
  private Set<Path> before(Handle handle, Path here) {
    Set<Path> before = new LinkedHashSet<>();
    Optional<Path> known = rows.current(handle);
    if (known.isPresent()) {
      before.add(known.get());
    } else {
      // made before folders were written down: ROOT/SCHEMA/TABLE/metadata/FILE
      rows.pointers(handle).stream()
          .filter(p -> p.getNameCount() > 4)
          .map(p -> p.resolve("../../../..").normalize())
          .filter(root -> rows.pointers(handle, root).stream().anyMatch(p -> isIn(here, root, p)))
          .forEach(before::add);
    }
    before.remove(here);
    return before;
  }

  private static boolean isIn(Path here, Path root, Path file) {
    return Files.exists(here.resolve(root.relativize(file)));
  }

  private void adopt(Handle handle, Path before, Path here, Home home) {
    List<Path> all = rows.pointers(handle, before);
    if (!isSame(before, here)) {
      long missing = all.stream().filter(p -> !isIn(here, before, p)).count();
      if (missing > 0) {
        throw new EcluseException(
            ErrorCode.WAREHOUSE_MISMATCH,
            "The tables of the catalog are in %s, but the warehouse is to be %s, where %d of %d are missing; move that folder there, or set warehouse.location back"
                .formatted(before, here, missing, all.size()));
      }
      if (home.kind() == Home.Kind.SHARED && all.stream().anyMatch(Files::exists)) {
        throw new EcluseException(
            ErrorCode.WAREHOUSE_MISMATCH,
            "The catalog in %s is that of the warehouse %s, of which %s is a copy; give the copy a database of its own (ecluse backup there, ecluse restore here), or remove the other if this is to replace it"
                .formatted(home.place(), before, here));
      }
    }
    rows.move(handle, before, here);
  }

  /** A restored project whose warehouse would be the original's, since that has its own place. */
  private void requireNobodyElses(Handle handle, UUID own, Path here, Set<Path> before) {
    Optional<Claim> there = Claim.read(here).filter(c -> !c.catalog().equals(own));
    boolean tables =
        Stream.concat(Stream.of(here), before.stream())
            .anyMatch(folder -> !rows.pointers(handle, folder).isEmpty());
    if (there.isPresent() && tables) {
      throw new EcluseException(
          ErrorCode.WAREHOUSE_MISMATCH,
          "%s is the warehouse of another project, whose catalog is in %s; set warehouse.location of this one to a folder of its own with its tables in it (a restore has put them into .ecluse/warehouse), or remove the other project and its %s"
              .formatted(here, there.get().home(), here.resolve(CLAIM)));
    }
  }

  /** A copied project whose warehouse was not copied, since it has a place of its own. */
  private static void requireAlone(Claim mine, Home home) {
    Optional<Claim> there = Claim.read(mine.folder());
    boolean anothers =
        home.kind() == Home.Kind.PRIVATE
            && there.isPresent()
            && there.get().catalog().equals(mine.catalog())
            && there.get().folder().equals(mine.folder())
            && !there.get().home().equals(mine.home())
            && Files.exists(Path.of(there.get().home()).resolve("data").resolve("PG_VERSION"));
    if (anothers) {
      throw new EcluseException(
          ErrorCode.WAREHOUSE_MISMATCH,
          "The warehouse %s is that of the project whose database is in %s, of which this one is a copy; set warehouse.location of the copy to a folder of its own and copy the files there, or remove the other project"
              .formatted(mine.folder(), there.get().home()));
    }
  }

  /** Nobody else's: it says so, or it says nothing and has the catalog's tables or none. */
  private boolean isOurs(Claim mine) {
    Optional<Claim> there = Claim.read(mine.folder());
    if (there.isPresent()) {
      return there.get().catalog().equals(mine.catalog());
    }
    List<Path> tables = jdbi.withHandle(h -> rows.pointers(h, mine.folder()));
    return Files.isDirectory(mine.folder())
        && (tables.isEmpty() ? isEmpty(mine.folder()) : tables.stream().allMatch(Files::exists));
  }

  private static boolean isEmpty(Path folder) {
    try (var inside = Files.list(folder)) {
      return inside.noneMatch(Files::isDirectory);
    } catch (IOException e) {
      return false;
    }
  }

  private void claim() {
    Claim mine = own.orElseThrow();
    if (!Claim.read(mine.folder()).equals(own)) {
      disk.write(mine.folder().resolve(CLAIM), mine.text());
    }
  }

  /** Before the first table is written: says whose the folder is, unless it is another's. */
  void begin() {
    own.ifPresent(
        mine -> {
          if (!Files.exists(mine.folder().resolve(CLAIM))) {
            boolean fresh = !Files.isDirectory(mine.folder());
            disk.makeFolder(mine.folder());
            if (fresh || isOurs(mine)) {
              claim();
            }
          }
        });
  }

  /**
   * Lets nobody delete where catalog and folder do not fit together.
   *
   * @throws EcluseException WAREHOUSE_MISMATCH that says why
   */
  void requireFit() {
    List<Path> tables = jdbi.withHandle(rows::pointers).stream().map(io::here).toList();
    Path folder = real(location);
    boolean elsewhere =
        !tables.isEmpty() && tables.stream().noneMatch(t -> real(t).startsWith(folder));
    if (elsewhere) {
      throw new EcluseException(
          ErrorCode.WAREHOUSE_MISMATCH,
          "None of the catalog's %d tables is in the warehouse %s, one is %s; nothing was deleted"
              .formatted(tables.size(), folder, tables.get(0)));
    }
    if (own.isPresent() && Files.isDirectory(folder) && !isEmpty(folder) && !isOurs(own.get())) {
      throw new EcluseException(
          ErrorCode.WAREHOUSE_MISMATCH,
          "The warehouse %s has tables of another catalog%s; nothing was deleted. If they are not needed, move the folder away; if they are, use that catalog's database"
              .formatted(folder, Claim.read(folder).map(c -> ", that in " + c.home()).orElse("")));
    }
  }

  private static boolean isSame(Path one, Path other) {
    return real(one).equals(real(other));
  }

  /** Without symbolic links, as far as it is there. */
  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      Path parent = path.toAbsolutePath().normalize().getParent();
      return parent == null ? path : real(parent).resolve(path.getFileName());
    }
  }
}
