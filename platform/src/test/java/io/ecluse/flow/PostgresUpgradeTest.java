package io.ecluse.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.DemoFixture;
import io.ecluse.Platform;
import io.ecluse.demo.ErpRows;
import io.ecluse.metadata.DatabaseSettings;
import io.ecluse.metadata.MetadataDump;
import io.ecluse.postgres.Carrier;
import io.ecluse.postgres.Login;
import io.ecluse.postgres.OlderServer;
import io.ecluse.scheduler.RunState;
import io.ecluse.schema.TableName;
import io.ecluse.warehouse.PublishedTable;
import io.ecluse.warehouse.ReadView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A project whose private PostgreSQL is of an older major version is opened as any other. */
@Timeout(240)
class PostgresUpgradeTest {
  @TempDir Path folder;

  /** What a version of the platform did that had brought an older PostgreSQL. */
  private static final class Metadatas implements Carrier {
    @Override
    public void write(Connection database, Path to) throws SQLException, IOException {
      try (Statement statement = database.createStatement()) {
        statement.execute("SET search_path = ecluse");
      }
      MetadataDump.write(database, to);
    }

    @Override
    public void read(String url, Login login, Path from) {
      MetadataDump.move(new DatabaseSettings(url, login.user(), login.password()), from);
    }
  }

  private static Map<String, List<String>> rows(Path written) throws IOException {
    Map<String, List<String>> rows = new TreeMap<>();
    try (Stream<Path> all = Files.list(written)) {
      for (Path table : all.toList()) {
        rows.put(
            table.getFileName().toString(),
            Files.readAllLines(table, StandardCharsets.UTF_8).stream().sorted().toList());
      }
    }
    return rows;
  }

  @Test
  void everyRunTableAndRowIsThereAfterwards() throws Exception {
    Path project = folder.toRealPath().resolve("demo");
    Path postgres = project.resolve(".ecluse/postgres");
    Path erp = project.resolve(".ecluse/demo-erp");
    Map<TableName, Object> sums = new TreeMap<>();
    try (DemoFixture demo = DemoFixture.open(project, 0.02)) {
      assertThat(demo.run().state()).isEqualTo(RunState.SUCCESS);
      sums(demo.platform(), sums);
    }
    OlderServer.make(
        postgres, "ecluse", new Metadatas(), Files.createDirectories(folder.resolve("a")));
    Carrier carrier = ErpRows.carrier();
    OlderServer.make(erp, "erp", carrier, Files.createDirectories(folder.resolve("b")));
    assertThat(postgres.resolve("data/PG_VERSION")).hasContent("16");
    assertThat(erp.resolve("data/PG_VERSION")).hasContent("16");

    try (DemoFixture demo = DemoFixture.open(project, 0.02)) {
      Map<TableName, Object> now = new TreeMap<>();
      sums(demo.platform(), now);
      assertThat(now).isEqualTo(sums).isNotEmpty();
      assertThat(
              demo.platform()
                  .scheduler()
                  .list(Optional.empty(), Optional.empty(), 9, Optional.empty()))
          .hasSize(1)
          .allMatch(run -> run.state() == RunState.SUCCESS);
      assertThat(demo.run().state()).isEqualTo(RunState.SUCCESS);
    }
    for (Path server : List.of(postgres, erp)) {
      assertThat(server.resolve("data/PG_VERSION")).hasContent("17");
      assertThat(server.resolve("data.postgres-16/PG_VERSION")).hasContent("16");
    }
    OlderServer.write(erp, "erp", carrier, folder.resolve("erp"));
    assertThat(rows(folder.resolve("erp"))).isEqualTo(rows(folder.resolve("b/rows")));
    OlderServer.write(postgres, "ecluse", new Metadatas(), folder.resolve("metadata"));
    Map<String, List<String>> before = rows(folder.resolve("a/rows"));
    Map<String, List<String>> after = rows(folder.resolve("metadata"));
    assertThat(after.get("access_token")).containsAll(before.get("access_token"));
    assertThat(after.get("run")).containsAll(before.get("run")).hasSizeGreaterThan(1);
  }

  private static void sums(Platform platform, Map<TableName, Object> sums) {
    for (PublishedTable table : platform.warehouse().tables()) {
      if (table.kind() == PublishedTable.Kind.TABLE) {
        sums.put(table.name(), platform.engine().sums(table.name(), ReadView.PUBLISHED));
      }
    }
  }
}
