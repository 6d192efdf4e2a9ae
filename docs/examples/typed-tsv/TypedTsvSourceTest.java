package org.example.tsv;

import io.ecluse.source.Source;
import io.ecluse.source.SourceContract;
import io.ecluse.source.SourceFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Keeps to what every source keeps to. */
class TypedTsvSourceTest extends SourceContract {
  @Override
  protected Source source() throws IOException {
    Path data = Files.createDirectories(folder.resolve("data"));
    StringBuilder people =
        new StringBuilder("id:integer\tname:varchar\tborn:date\tgrade:decimal(10,2)\n");
    for (Person p : PEOPLE) {
      people.append(p.id()).append('\t').append(orMissing(p.name())).append('\t');
      people.append(orMissing(p.born())).append('\t').append(orMissing(p.grade())).append('\n');
    }
    StringBuilder marks = new StringBuilder("id:integer\tmark:varchar\n");
    for (int i = 0; i < MARKS; i++) {
      marks.append(i).append('\t').append(mark(i)).append('\n');
    }
    Files.writeString(data.resolve("people.tsv"), people);
    Files.writeString(data.resolve("marks.tsv"), marks);
    Files.writeString(data.resolve("empty.tsv"), "id:integer\tname:varchar\n");
    return at("data");
  }

  private static String orMissing(String text) {
    return text.isEmpty() ? "\\N" : text;
  }

  @Override
  protected Source unreachable() {
    return at("nowhere");
  }

  @Override
  protected Source refused() throws IOException {
    Files.writeString(folder.resolve("a-file"), "");
    return at("a-file");
  }

  private Source at(String location) {
    return new TypedTsvFactory()
        .open(
            new SourceFactory.Opening(
                "school", Map.of("location", location), List.of(), folder, stage()));
  }
}
