package io.ecluse.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The data set of the school project, which is not part of this repository. */
final class GivenErp {
  private static final String PROPERTY = "ecluse.test.erp-data";

  private GivenErp() {}

  /** Its folder; without one, the test that asks is skipped, loudly. */
  static Path folder() {
    String named = System.getProperty(PROPERTY, "");
    return Stream.of(
            named, "../shared/data/erp", "../../shared/data/erp", "../../../shared/data/erp")
        .filter(path -> !path.isEmpty())
        .map(Path::of)
        .filter(path -> Files.isRegularFile(path.resolve("students.csv")))
        .findFirst()
        .orElseGet(GivenErp::skip);
  }

  private static Path skip() {
    String message =
        "SKIPPED: the data set of the school project is not there; give its folder with -D"
            + PROPERTY
            + "=FOLDER";
    System.err.println(message);
    return Assumptions.abort(message);
  }
}
