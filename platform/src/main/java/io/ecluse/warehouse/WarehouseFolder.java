package io.ecluse.warehouse;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.storage.Moved;
import io.ecluse.storage.Owner;
import io.ecluse.storage.Places;
import io.ecluse.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.iceberg.TableMetadataParser;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The root of an environment's tables, and whose it is. The catalog names files from there; the
 * metadata of Iceberg name them by whole locations, and when the project was moved or copied, those
 * of the root of before mean those of the root of now.
 */
final class WarehouseFolder {
  static final String CLAIM = ".ecluse-warehouse";

  private final Jdbi jdbi;
  private final FolderRows rows;
  private final StorageFileIO io;
  private final Storage storage;
  private volatile Optional<Claim> own = Optional.empty();
  private volatile boolean taken;

  WarehouseFolder(Jdbi jdbi, FolderRows rows, StorageFileIO io) {
    this.jdbi = jdbi;
    this.rows = rows;
    this.io = io;
    this.storage = io.places().storage();
  }

  /**
   * What a folder says of itself.
   *
   * @param catalog which one its tables are in
   * @param root where it was then
   * @param home where the catalog was then
   */
  record Claim(UUID catalog, String root, String home) {
    Path folder() {
      return Path.of(root);
    }

    static Optional<Claim> read(Path folder) {
      try {
        Path file = folder.resolve(CLAIM);
        if (!Files.exists(file)) {
          return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file);
        return Optional.of(new Claim(UUID.fromString(lines.get(0)), lines.get(1), lines.get(2)));
      } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
        throw ErrorCode.WAREHOUSE_MISMATCH.error(
            "%s cannot be read, so nobody knows whose tables are in that folder: %s"
                .formatted(folder.resolve(CLAIM), e),
            e);
      }
    }

    byte[] text() {
      return "%s%n%s%n%s%n".formatted(catalog, root, home).getBytes(StandardCharsets.UTF_8);
    }
  }

  /** How the catalog calls this place. */
  String here() {
    return io.places().here();
  }

  /** Known once it is settled. */
  String catalog() {
    return own.orElseThrow().catalog().toString();
  }

  /**
   * Finds out where the tables are now, once, before anything else is done with them. A store
   * elsewhere is asked only if they were somewhere else before.
   *
   * @throws EcluseException WAREHOUSE_MISMATCH when the catalog's tables are not in the folder, or
   *     when both are another project's too
   */
  void settle(Home home) {
    String here = here();
    UUID catalog =
        jdbi.inTransaction(
            h -> {
              rows.lock(h);
              rows.takenFrom(h, here)
                  .ifPresent(
                      to -> {
                        throw new Moved(to); // who says that they are here is behind
                      });
              Set<String> before = before(h, here);
              UUID own = rows.settle(h, here);
              requireNobodyElses(h, new Claim(own, here, home.place()), before);
              before.forEach(each -> adopt(h, each, here, home));
              return own;
            });
    io.settled(here, jdbi.withHandle(rows::former));
    Claim claim = new Claim(catalog, here, home.place());
    own = Optional.of(claim);
    if (io.isLocal()) {
      requireAlone(claim, home);
      if (isOurs(claim)) {
        claim();
      }
    }
  }

  /** The roots that the catalog's tables had. */
  private Set<String> before(Handle handle, String here) {
    Set<String> before = new LinkedHashSet<>();
    Optional<String> known = rows.current(handle);
    if (known.isPresent()) {
      before.add(known.get());
    } else { // made before roots were written down: the tables know theirs
      names(handle).stream().filter(this::isHere).map(this::saidBy).forEach(before::add);
    }
    before.remove(here);
    return before;
  }

  /** The names of the metadata files of the tables that are in the warehouse. */
  private List<String> names(Handle handle) {
    return rows.pointers(handle).stream().filter(StorageFileIO::isWithin).toList();
  }

  /** The root that a metadata file says its table to be in: ROOT/SCHEMA/TABLE. */
  private String saidBy(String name) {
    return TableMetadataParser.read(io.newInputFile(name))
        .location()
        .replaceFirst("/[^/]+/[^/]+/?$", "");
  }

  private boolean isHere(String name) {
    return storage.find(name).isPresent();
  }

  private void adopt(Handle handle, String before, String here, Home home) {
    List<String> all = names(handle);
    if (!isSame(before, here)) {
      long missing = all.stream().filter(name -> !isHere(name)).count();
      if (missing > 0) {
        throw ErrorCode.WAREHOUSE_MISMATCH.error(
            "The tables of the catalog are in %s, but the warehouse is to be %s, where %d of %d are missing; move that folder there, or set warehouse.location back and have ecluse move warehouse take them there"
                .formatted(before, here, missing, all.size()));
      }
      boolean original =
          before.startsWith("/") && all.stream().anyMatch(n -> Files.exists(Path.of(before, n)));
      if (home.kind() == Home.Kind.SHARED && original) {
        throw ErrorCode.WAREHOUSE_MISMATCH.error(
            "The catalog in %s is that of the warehouse %s, of which %s is a copy; give the copy a database of its own (ecluse backup there, ecluse restore here), or remove the other if this is to replace it"
                .formatted(home.place(), before, here));
      }
    }
    rows.left(handle, before);
  }

  /** A restored project whose warehouse would be the original's, since that has its own place. */
  private void requireNobodyElses(Handle handle, Claim mine, Set<String> before) {
    if (names(handle).isEmpty()) {
      return;
    }
    if (!io.isLocal()) {
      if (!before.isEmpty()) { // otherwise asked before anything is written or deleted there
        owner(mine).requireOurs(storage);
      }
      return;
    }
    Optional<Claim> there =
        Claim.read(Path.of(mine.root())).filter(c -> !c.catalog().equals(mine.catalog()));
    if (there.isPresent()) {
      throw ErrorCode.WAREHOUSE_MISMATCH.error(
          "%s is the warehouse of another project, whose catalog is in %s; set warehouse.location of this one to a folder of its own with its tables in it (a restore has put them into .ecluse/warehouse), or remove the other project and its %s"
              .formatted(mine.root(), there.get().home(), mine.folder().resolve(CLAIM)));
    }
  }

  /** A copied project whose warehouse was not copied, since it has a place of its own. */
  private static void requireAlone(Claim mine, Home home) {
    Optional<Claim> there = Claim.read(mine.folder());
    boolean anothers =
        home.kind() == Home.Kind.PRIVATE
            && there.isPresent()
            && there.get().catalog().equals(mine.catalog())
            && there.get().root().equals(mine.root())
            && !there.get().home().equals(mine.home())
            && Files.exists(Path.of(there.get().home()).resolve("data").resolve("PG_VERSION"));
    if (anothers) {
      throw ErrorCode.WAREHOUSE_MISMATCH.error(
          "The warehouse %s is that of the project whose database is in %s, of which this one is a copy; set warehouse.location of the copy to a folder of its own and copy the files there, or remove the other project"
              .formatted(mine.root(), there.get().home()));
    }
  }

  /** Nobody else's: it says so, or it says nothing and has the catalog's tables or none. */
  private boolean isOurs(Claim mine) {
    Optional<Claim> there = Claim.read(mine.folder());
    if (there.isPresent()) {
      return there.get().catalog().equals(mine.catalog());
    }
    List<String> tables = jdbi.withHandle(this::names);
    return Files.isDirectory(mine.folder())
        && (tables.isEmpty() ? isEmpty(mine.folder()) : tables.stream().allMatch(this::isHere));
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
      storage.write(CLAIM, mine.text());
    }
  }

  /** Before a table is written: says whose the root is, unless it is another's. */
  void begin() {
    own.filter(mine -> !taken)
        .ifPresent(
            mine -> {
              if (!io.isLocal()) {
                owner(mine).take(storage);
              } else if (!Files.exists(mine.folder().resolve(CLAIM))) {
                boolean fresh = !Files.isDirectory(mine.folder());
                io.disk().makeFolder(mine.folder());
                if (fresh || isOurs(mine)) {
                  claim();
                }
              }
              taken = true;
            });
  }

  /**
   * Says that this place is for the tables of another, which are to come here.
   *
   * @throws EcluseException CONFLICT, WAREHOUSE_MISMATCH when it has something else
   */
  void take(WarehouseFolder tables, Home home) {
    requireOurs(tables, home);
    Claim mine = new Claim(tables.own.orElseThrow().catalog(), here(), home.place());
    boolean known =
        io.isLocal()
            ? Claim.read(mine.folder()).isPresent()
            : storage.find(Owner.Kind.WAREHOUSE.file()).isPresent();
    if (!known) {
      requireEmpty();
    }
    if (io.isLocal()) {
      io.disk().makeFolder(mine.folder());
      storage.write(CLAIM, mine.text());
    } else {
      owner(mine).take(storage);
    }
  }

  private void requireEmpty() {
    int files = storage.files("").size();
    if (files > 0) {
      throw ErrorCode.WAREHOUSE_MISMATCH.error(
          "%s is not empty: it has %d files of which nobody says that they are of these tables; nothing was changed. Take another place, or remove them"
              .formatted(io.root(), files));
    }
  }

  /**
   * Refuses a place of others than the owner of these tables.
   *
   * @throws EcluseException CONFLICT, WAREHOUSE_MISMATCH
   */
  void requireOurs(WarehouseFolder tables, Home home) {
    Claim mine = new Claim(tables.own.orElseThrow().catalog(), here(), home.place());
    if (!io.isLocal()) {
      owner(mine).requireOurs(storage);
      return;
    }
    Claim.read(mine.folder())
        .filter(there -> !there.catalog().equals(mine.catalog()))
        .ifPresent(
            there -> {
              throw ErrorCode.WAREHOUSE_MISMATCH.error(
                  "%s is the warehouse of another project, whose catalog is in %s; nothing was changed. Take another place"
                      .formatted(mine.root(), there.home()));
            });
  }

  private static Owner owner(Claim mine) {
    return new Owner(Owner.Kind.WAREHOUSE, mine.catalog().toString(), mine.home());
  }

  /**
   * Lets nobody delete where catalog and files do not fit together.
   *
   * @throws EcluseException WAREHOUSE_MISMATCH, or CONFLICT, that says why
   */
  void requireFit() {
    if (!io.isLocal()) {
      own.ifPresent(mine -> owner(mine).requireOurs(storage));
      return;
    }
    List<String> tables = jdbi.withHandle(rows::pointers);
    Path folder = Places.real(Path.of(io.root()));
    boolean elsewhere =
        !tables.isEmpty()
            && tables.stream().noneMatch(t -> Places.real(io.path(t)).startsWith(folder));
    if (elsewhere) {
      throw ErrorCode.WAREHOUSE_MISMATCH.error(
          "None of the catalog's %d tables is in the warehouse %s, one is %s; nothing was deleted"
              .formatted(tables.size(), folder, tables.get(0)));
    }
    if (own.isPresent() && Files.isDirectory(folder) && !isEmpty(folder) && !isOurs(own.get())) {
      throw ErrorCode.WAREHOUSE_MISMATCH.error(
          "The warehouse %s has tables of another catalog%s; nothing was deleted. If they are not needed, move the folder away; if they are, use that catalog's database"
              .formatted(folder, Claim.read(folder).map(c -> ", that in " + c.home()).orElse("")));
    }
  }

  private boolean isSame(String one, String other) {
    return one.equals(other)
        || io.isLocal()
            && one.startsWith("/")
            && Places.real(Path.of(one)).equals(Places.real(Path.of(other)));
  }
}
