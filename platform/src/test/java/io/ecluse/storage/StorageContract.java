package io.ecluse.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every storage does. */
abstract class StorageContract {
  /** More than one part of an upload. */
  static final int LARGE = 40 << 20;

  @TempDir Path folder;
  private Storage storage;

  /** A storage on a new, empty folder. */
  abstract Storage open();

  @BeforeEach
  void begin() {
    storage = open();
  }

  @AfterEach
  void end() {
    storage.close();
  }

  final Storage storage() {
    return storage;
  }

  /** A file of this machine with such content as compresses badly. */
  final Path made(int bytes) throws IOException {
    byte[] content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    return Files.write(Files.createTempFile(folder, "made", ""), content);
  }

  final Path fetched(String name) {
    Path file = folder.resolve("fetched-" + System.nanoTime());
    assertThat(storage.download(name, file)).isTrue();
    return file;
  }

  @Test
  void keepsWhatIsWrittenAndReplacesItInOneStep() {
    storage.write("erp/students/x1/manifest.json", "one".getBytes(UTF_8));
    assertThat(storage.read("erp/students/x1/manifest.json")).hasValue("one".getBytes(UTF_8));
    String before = storage.find("erp/students/x1/manifest.json").orElseThrow().stamp();

    storage.write("erp/students/x1/manifest.json", "another".getBytes(UTF_8));

    assertThat(storage.read("erp/students/x1/manifest.json")).hasValue("another".getBytes(UTF_8));
    assertThat(storage.files("")).extracting(StoredFile::bytes).containsExactly(7L);
    assertThat(storage.find("erp/students/x1/manifest.json").orElseThrow().stamp())
        .isNotEqualTo(before);
  }

  @Test
  void knowsNothingOfWhatIsNotThere() {
    assertThat(storage.read("a/b")).isEmpty();
    assertThat(storage.find("a/b")).isEmpty();
    assertThat(storage.find("a")).isEmpty();
    assertThat(storage.files("a")).isEmpty();
    assertThat(storage.folders("a")).isEmpty();
    assertThat(storage.copy("a/b", "a/c")).isFalse();
    assertThat(storage.download("a/b", folder.resolve("b"))).isFalse();
    assertThat(folder.resolve("b")).doesNotExist();
    storage.delete(List.of("a/b"));
    storage.sweep("a", Instant.now());
  }

  @Test
  void readsTheEndOfAFileAlone() {
    storage.write("a/long", "0123456789".getBytes(UTF_8));
    storage.write("a/none", new byte[0]);

    assertThat(storage.end("a/long", 3)).hasValue("789".getBytes(UTF_8));
    assertThat(storage.end("a/long", 10)).hasValue("0123456789".getBytes(UTF_8));
    assertThat(storage.end("a/long", 11)).hasValue("0123456789".getBytes(UTF_8));
    assertThat(storage.end("a/none", 3)).hasValue(new byte[0]);
    assertThat(storage.end("a/b", 3)).isEmpty();
  }

  @Test
  void listsFoldersAndFilesInTheOrderOfTheirNames() {
    for (String name : List.of("b/2/y", "a/x", "b/1/z", "b/1/y", "ab/x")) {
      storage.write(name, name.getBytes(UTF_8));
    }

    assertThat(storage.folders("")).containsExactly("a", "ab", "b");
    assertThat(storage.folders("b")).containsExactly("1", "2");
    assertThat(storage.files("")).extracting(StoredFile::name).isSorted().hasSize(5);
    assertThat(storage.files("a")).extracting(StoredFile::name).containsExactly("a/x");
    assertThat(storage.files("b/1")).extracting(StoredFile::name).containsExactly("b/1/y", "b/1/z");
    assertThat(storage.files("b/1")).allSatisfy(f -> assertThat(f.bytes()).isEqualTo(5));
  }

  @Test
  void takesNamesAsPeopleGiveThem() {
    List<String> names =
        List.of("é t/à b/ü", "a+b/c&d=e", "t:1/100%/x", "q?/#h/'s", "o/%3A/~y", "[g]/{h}/(i)");
    names.forEach(n -> storage.write(n, n.getBytes(UTF_8)));

    assertThat(storage.files("")).extracting(StoredFile::name).containsAll(names);
    for (String name : names) {
      assertThat(storage.read(name)).as(name).hasValue(name.getBytes(UTF_8));
      assertThat(storage.folders("")).as(name).contains(name.substring(0, name.indexOf('/')));
    }
    storage.delete(names);
    assertThat(storage.files("")).isEmpty();
  }

  @Test
  void storesLargeFilesAsTheyAre() throws IOException {
    Path file = made(LARGE + 1);

    storage.upload(file, "erp/big/x1/part-00000.parquet");

    assertThat(storage.find("erp/big/x1/part-00000.parquet").orElseThrow().bytes())
        .isEqualTo(LARGE + 1);
    assertThat(fetched("erp/big/x1/part-00000.parquet")).hasSameBinaryContentAs(file);
    assertThat(storage.files("")).hasSize(1);
  }

  @Test
  void storesEmptyFiles() throws IOException {
    storage.upload(made(0), "a/empty");

    assertThat(storage.find("a/empty").orElseThrow().bytes()).isZero();
    assertThat(fetched("a/empty")).isEmptyFile();
  }

  @Test
  void copiesLiveOnTheirOwn() throws IOException {
    Path file = made(1000);
    storage.upload(file, "s/x1/part");

    assertThat(storage.copy("s/x1/part", "s/x2/part")).isTrue();
    storage.delete(List.of("s/x1/part"));

    assertThat(storage.folders("s")).containsExactly("x2");
    assertThat(fetched("s/x2/part")).hasSameBinaryContentAs(file);
  }

  @Test
  void deletesOnlyWhatIsNamed() {
    List.of("s/x1/a", "s/x1/b", "s/x10/a").forEach(n -> storage.write(n, new byte[3]));

    storage.delete(List.of("s/x1/a", "s/x1/never"));

    assertThat(storage.files("s"))
        .extracting(StoredFile::name)
        .containsExactly("s/x1/b", "s/x10/a");
  }
}
