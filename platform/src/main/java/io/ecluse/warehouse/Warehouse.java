package io.ecluse.warehouse;

import io.ecluse.disk.Disk;
import io.ecluse.error.EcluseException;
import io.ecluse.schema.Column;
import io.ecluse.schema.Layout;
import io.ecluse.schema.TableName;
import io.ecluse.storage.Owner;
import io.ecluse.storage.Places;
import io.ecluse.storage.Relocation;
import io.ecluse.storage.Storage;
import io.ecluse.storage.Transfers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Jdbi;

/**
 * The Iceberg tables of one environment. A run writes on a branch of its own that only the run
 * sees; {@link Publisher} makes all tables of a run visible in one transaction.
 *
 * <p>Safe for use by several threads and processes.
 */
public final class Warehouse implements AutoCloseable {
  /** The snapshot property that names the run which made it. */
  static final String RUN_ID = "ecluse.run-id";

  /** The snapshot property that names the newest batch in the table. */
  public static final String BATCH = "ecluse.batch";

  /** The snapshot property that names the job elsewhere whose commit it is. */
  public static final String JOB = "ecluse.job";

  /** The snapshot property that names the engine which wrote its files. */
  static final String WRITER = "ecluse.writer";

  /** The value of {@link #WRITER}, whichever engine it was: columns are just the table's. */
  static final String OURS = "duckdb";

  private final Jdbi jdbi;
  private final String environment;
  private final Sites sites;
  private final Transfers transfers;
  private final Fence fence;
  private final Relocation<Site> relocation;

  /**
   * @param jdbi the metadata database
   * @param environment whose tables these are
   * @param places where this environment's tables are; made when first written to
   * @param disk where all that the catalog points to is before it does, if that is here
   */
  public Warehouse(Jdbi jdbi, String environment, Places places, Disk disk) {
    this(jdbi, environment, places, disk, elsewhere -> Optional.empty());
  }

  /**
   * The same, that follows tables which are taken elsewhere.
   *
   * @param elsewhere opens a place that the database tells, if it can
   */
  public Warehouse(
      Jdbi jdbi,
      String environment,
      Places places,
      Disk disk,
      Function<String, Optional<Places>> elsewhere) {
    this.jdbi = jdbi;
    this.environment = environment;
    this.transfers = new Transfers();
    this.fence = Fence.NONE;
    this.sites =
        new Sites(
            new Site(jdbi, environment, places, disk, transfers),
            to -> elsewhere.apply(to).map(p -> new Site(jdbi, environment, p, disk, transfers)));
    this.relocation =
        new Relocation<>(
            sites, new MovingTables(jdbi, new FolderRows(environment), sites), transfers);
  }

  /** What takes the tables elsewhere. */
  public Relocation<?> relocation() {
    return relocation;
  }

  /** Tables below a folder of this machine. */
  public Warehouse(Jdbi jdbi, String environment, Path location, Disk disk) {
    this(jdbi, environment, Places.of(location, disk), disk);
  }

  private Warehouse(Warehouse same, Fence fence) {
    this.jdbi = same.jdbi;
    this.environment = same.environment;
    this.sites = same.sites;
    this.transfers = same.transfers;
    this.fence = fence;
    this.relocation = same.relocation;
  }

  /** The same tables, for a writer that stages and publishes only while the fence lets it. */
  public Warehouse behind(Fence guard) {
    return new Warehouse(this, guard);
  }

  /**
   * Finds out where the tables are now, should the project have been moved or copied. To be called
   * once, before anything else.
   *
   * @throws EcluseException WAREHOUSE_MISMATCH when catalog and folder do not fit together
   */
  public void settle(Home home) {
    sites.settle(home);
  }

  /** Who the catalog of these tables is, wherever they are. */
  public String catalog() {
    return sites.now().folder().catalog();
  }

  /** Where the tables are, for people. */
  public String location() {
    return sites.now().io().root();
  }

  /** Whether a folder of this machine says that it is the root of tables, or of batches. */
  public static boolean isRoot(Path folder) {
    return Files.exists(folder.resolve(WarehouseFolder.CLAIM))
        || Files.exists(folder.resolve(Owner.Kind.STAGING.file()));
  }

  /** Folders of this machine that files of tables are in. */
  public List<Path> folders() {
    StorageFileIO io = sites.now().io();
    return io.isLocal() ? List.of(Path.of(io.root())) : List.of(io.places().copies().folder());
  }

  /**
   * Begins to read files of tables. Ended by {@link TableFiles#close}.
   *
   * @param ended whether nobody waits for them any more
   */
  public TableFiles files(BooleanSupplier ended) {
    return new TableFiles(() -> sites.now().io(), transfers, ended);
  }

  static String branch(String runId) {
    return "run_" + runId;
  }

  /** Begins to write a table anew in a run, wherever its rows come to lie. */
  public StagedTable stage(String runId, TableName name, List<Column> columns) {
    return stage(runId, name, columns, Layout.NONE);
  }

  /**
   * Begins to write a table anew in a run. What this run had staged of it before is forgotten.
   *
   * <p>A column that keeps name and type keeps its field id; any other change drops the old column
   * and adds a new one. Likewise the layout: files that are there stay as they are, and are read
   * beside new ones.
   *
   * @throws EcluseException INVALID_PROJECT for a layout that these columns cannot have
   */
  public StagedTable stage(String runId, TableName name, List<Column> columns, Layout layout) {
    return sites.at(s -> s.staging().behind(fence).table(runId, name, columns, layout));
  }

  /**
   * Makes a view in a run, instead of what this run had staged under its name before. It is seen,
   * published and rolled back as a table is.
   *
   * @param columns of the query, as a table made from it would have them
   */
  public void stageView(String runId, TableName name, List<Column> columns, ViewQuery query) {
    sites.at(
        s -> {
          s.staging().behind(fence).view(runId, name, columns, query);
          return name;
        });
  }

  /** What engines of others need to know to get at the files; never a secret. */
  public Map<String, String> access() {
    return sites.now().io().places().storage().access();
  }

  /** What is published, for engines of others, which cannot change it. */
  public OpenCatalog open() {
    return open("", OpenJob.NONE);
  }

  /**
   * What a run has, over what is published, for engines of others.
   *
   * @param job who asks
   */
  public OpenCatalog open(String runId, OpenJob job) {
    return sites.at(
        site -> {
          jdbi.useTransaction(site.catalog()::requireHere);
          Staging staging = site.staging().behind(fence);
          RunNames names = new RunNames(staging, runId, job);
          OpenTables tables = new OpenTables(names, new ForeignFiles(staging.root().files()));
          return new OpenCatalog(
              tables,
              new OpenViews(names),
              new RunNamespaces(staging, environment, runId),
              new OpenFiles(names, tables, new DraftFolders(staging, environment, runId)),
              new MadeRequests(jdbi, runId));
        });
  }

  /** What is published now, all as of one moment. */
  public Moment moment() {
    return sites.at(s -> s.staging().moment());
  }

  /** Whether engines of others have said that they have written all that they write in a run. */
  public boolean isWritten(String runId) {
    return sites.at(s -> jdbi.withHandle(h -> s.catalog().isWritten(h, runId)));
  }

  /** The tables that a run has written and not yet published. */
  public List<TableName> staged(String runId) {
    return sites.at(s -> jdbi.withHandle(h -> s.catalog().staged(h, runId))).stream()
        .map(CatalogRows.StagedRow::table)
        .toList();
  }

  /**
   * Makes every table that the run has written visible, all in one transaction. Done twice, it does
   * nothing the second time.
   *
   * @throws EcluseException COMMIT_CONFLICT when a table was published by another run since this
   *     run began to write it; DATABASE_UNREACHABLE when nothing was published; OUTCOME_UNKNOWN
   *     when the database was lost in the commit and does not come back
   */
  public Publication publish(String runId) {
    return sites.at(s -> s.publisher().publish(runId, fence));
  }

  /** Tables of a run that another run published since it began to write them. */
  public List<TableName> overtaken(String runId) {
    return sites.at(s -> s.publisher().overtaken(runId));
  }

  /**
   * Makes the tables of a run what they were before it, all in one transaction.
   *
   * @throws EcluseException NOT_FOUND when the run published nothing, CONFLICT when a later run has
   *     published one of its tables
   */
  public Publication rollBack(String runId) {
    return sites.at(s -> s.rollback().of(runId));
  }

  /** Whether the run's tables are what it published, or were at least made from it. */
  public boolean isPublished(String runId) {
    return jdbi.withHandle(h -> sites.now().publications().publishedAt(h, runId)).isPresent();
  }

  /** Which of these runs have published: true if it stands, false if it was rolled back. */
  public Map<String, Boolean> publications(Collection<String> runIds) {
    return jdbi.withHandle(h -> sites.now().publications().publications(h, runIds));
  }

  /** The runs that have written something which is not published. */
  public List<String> stagingRuns() {
    return jdbi.withHandle(sites.now().catalog()::stagingRuns);
  }

  /** When runs were published, the oldest first. */
  public List<Instant> publications() {
    return jdbi.withHandle(sites.now().publications()::publicationTimes);
  }

  /** True for the first of all processes that ask since a time: it shall tidy up, now. */
  public boolean claimMaintenance(Instant now, Instant notSince) {
    return jdbi.withHandle(h -> sites.now().catalog().claimMaintenance(h, now, notSince));
  }

  /**
   * Forgets old states of tables and deletes files that nothing refers to. Runs may go on
   * meanwhile, in other processes too; and if it is cut off anywhere, the next does the rest.
   *
   * @throws EcluseException WAREHOUSE_MISMATCH; DATA_CORRUPT, before any file is deleted, when what
   *     a table refers to cannot be read
   */
  public Reclaimed reclaim(Retention retention) {
    return sites.at(s -> s.reclaiming().reclaim(retention));
  }

  /**
   * The names of all files that these metadata files lead to, themselves included.
   *
   * @param metadata names of theirs
   * @throws EcluseException DATA_CORRUPT when one of them cannot be read
   */
  public Set<String> filesOf(Collection<String> metadata) {
    return sites.at(s -> s.reclaiming().filesOf(metadata));
  }

  /**
   * A file on this machine; of one that is elsewhere, a copy, which the caller deletes.
   *
   * @param folder for the copy
   * @return empty if there is no such file
   */
  public Optional<Path> file(String name, Path folder) {
    Storage storage = sites.now().io().places().storage();
    Optional<Path> here = storage.local(name);
    if (here.isPresent()) {
      return here.filter(Files::exists);
    }
    Path copy = folder.resolve(UUID.randomUUID().toString());
    return storage.download(name, copy) ? Optional.of(copy) : Optional.empty();
  }

  /**
   * Does what needs that no file of a table is deleted meanwhile, or what deletes them itself; one
   * at a time over all processes.
   *
   * @throws EcluseException CONFLICT while somebody else does
   */
  public <T> T whileFilesStay(Supplier<T> work) {
    return onceFilesStay(Duration.ZERO, work);
  }

  /**
   * As {@link #whileFilesStay}, but waits a while for somebody else.
   *
   * @throws EcluseException CONFLICT when that is not long enough
   */
  public <T> T onceFilesStay(Duration patience, Supplier<T> work) {
    return new HeldFiles(jdbi).during(patience, work);
  }

  /** The state of one table; empty if there is none in this view. */
  public Optional<TableSnapshot> snapshot(TableName table, ReadView view) {
    return Optional.ofNullable(snapshots(List.of(table), view).get(table));
  }

  /**
   * The states of several tables and views, and of all that the views read, all at one moment; each
   * view comes after what it reads. Those that are not there in this view are left out.
   *
   * @throws EcluseException NOT_FOUND for a state that has expired
   */
  public Map<TableName, TableSnapshot> snapshots(Collection<TableName> tables, ReadView view) {
    return sites.at(s -> s.resolver().resolve(tables, view));
  }

  /** What columns of a state take in its files, by field ids, as far as their writers said so. */
  public Map<Integer, Long> columnBytes(TableSnapshot state) {
    return sites.at(s -> s.resolver().snapshots().columnBytes(state));
  }

  /** A state with the files alone in which rows may be that meet all of one of these lists. */
  public TableSnapshot matching(TableSnapshot state, List<List<RowCondition>> any) {
    return sites.at(s -> s.resolver().snapshots().matching(state, any));
  }

  /** The tables and views that readers see, by name. */
  public List<PublishedTable> tables() {
    return sites.at(s -> s.published().all());
  }

  /** What a name reads, if it is a view now. */
  public Optional<ViewQuery> view(TableName name) {
    return sites.now().published().view(name).flatMap(TableSnapshot::view);
  }

  /** The columns of a published table or view; empty if there is none. */
  public Optional<List<TableColumn>> columns(TableName table) {
    return sites.at(s -> s.published().columns(table));
  }

  /**
   * Every state of a published table that can still be read, the newest first; empty for a view.
   */
  public List<TableVersion> history(TableName table) {
    return sites.at(s -> s.published().history(table));
  }

  @Override
  public void close() {
    sites.close();
  }
}
