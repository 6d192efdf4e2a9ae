package io.ecluse.web;

import static io.ecluse.web.BlankServer.request;
import static io.ecluse.web.BlankServer.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.ecluse.access.Action;
import io.ecluse.access.Caller;
import io.ecluse.access.Policy;
import io.ecluse.access.Subject;
import io.ecluse.scheduler.Run;
import io.ecluse.scheduler.RunState;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.apache.iceberg.Schema;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A server over a shop, and who asks it as engines of others do. */
abstract class DoorLab {
  static final TableIdentifier TOYS = TableIdentifier.of("stock", "toys");

  static final Schema GIFTS =
      new Schema(
          NestedField.optional(1, "id", Types.LongType.get()),
          NestedField.optional(2, "weight", Types.DoubleType.get()));

  /** The intern sees what there is, but reads and writes nothing; the guest sees one table. */
  static final Policy SHOP =
      new Policy() {
        @Override
        public boolean permits(Caller caller, Action action, Subject subject) {
          return switch (caller.name()) {
            case "nobody" -> false;
            case "intern" -> action == Action.SEE;
            case "guest" ->
                subject.isEvery()
                    || subject.kind() == Subject.Kind.RUN
                    || subject.name().equals("stock.toys") && action != Action.WRITE_ROWS;
            default -> true;
          };
        }
      };

  @TempDir static Path folder;

  static OutsideFixture shop;

  static String token;

  @BeforeAll
  static void open() throws IOException {
    shop = new OutsideFixture(folder, SHOP);
    Run run = shop.daily();
    assertThat(run.state()).as(String.valueOf(run.error())).isEqualTo(RunState.SUCCESS);
    token = token("partner");
  }

  @AfterEach
  void abandon() {
    shop.abandon();
  }

  @AfterAll
  static void close() {
    shop.close();
  }

  static String token(String name) {
    return shop.platform().tokens().newBearer(name);
  }

  static RESTCatalog published() {
    return shop.catalog("", token);
  }

  static RESTCatalog ofRun(String run) {
    return shop.catalog("/runs/" + run, token);
  }

  static HttpResponse<String> ask(
      String who, String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        request(shop.server(), "/iceberg" + path)
            .header("Authorization", "Bearer " + who)
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }
}
