package io.ecluse.bench;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.Registrations;
import io.ecluse.demo.DemoErp;
import io.ecluse.demo.DemoProject;
import io.ecluse.demo.ErpFill;
import io.ecluse.disk.Folders;
import io.ecluse.duckdb.EngineParser;
import io.ecluse.project.ProjectReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder for one benchmark, with the demo's ERP running; gone when closed. */
final class Workspace implements AutoCloseable {
  private final Path folder;
  private final DemoErp erp;

  private Workspace(Path folder, DemoErp erp) {
    this.folder = folder;
    this.erp = erp;
  }

  static Path newFolder() {
    try {
      return Files.createTempDirectory("ecluse-bench-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fills an ERP and writes the project that reads it. */
  static Workspace open(double scale) {
    System.out.printf("Filling the ERP at scale %s…%n", scale);
    Path folder = newFolder();
    DemoErp erp =
        DemoErp.start(
            folder,
            new ErpFill.Generated(ErpFill.Generated.DEFAULT_SEED, scale),
            (table, rows) -> {});
    DemoProject.write(
        folder,
        erp.port(),
        new ProjectReader(new EngineParser(), Registrations.builtIn().vocabulary()));
    return new Workspace(folder, erp);
  }

  Path folder() {
    return folder;
  }

  /** How the ERP's reader signs in, with the password, as JDBC and psql both understand. */
  String password() {
    try {
      Path secret = folder.resolve(".ecluse").resolve("secrets").resolve(DemoErp.SECRET);
      return Files.readString(secret).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  DemoErp erp() {
    return erp;
  }

  Platform platform() {
    return DemoFixture.platform(folder, Platform.Workers.HERE);
  }

  @Override
  public void close() {
    erp.close();
    delete(folder);
  }

  static void delete(Path folder) {
    try {
      Folders.delete(folder);
    } catch (IOException e) {
      System.err.println("Left behind: " + folder + " (" + e.getMessage() + ")");
    }
  }
}
