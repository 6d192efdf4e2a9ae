package org.example.tsv;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.schema.Column;
import io.ecluse.schema.DataType;
import io.ecluse.source.ExtractListener;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.Landing;
import io.ecluse.source.Source;
import io.ecluse.source.SourceFactory;
import io.ecluse.source.StreamDescription;
import io.ecluse.staging.BatchManifest;
import io.ecluse.staging.StagedColumn;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Every {@code NAME.tsv} of a folder is a stream. Its first line tells its columns, as {@code
 * id:integer born:date grade:decimal(10,2)}, with tabs between.
 */
final class TypedTsvSource implements Source {
  private final SourceFactory.Opening opening;
  private final Path folder;
  private final String missing;

  TypedTsvSource(SourceFactory.Opening opening, Path folder, String missing) {
    this.opening = opening;
    this.folder = folder;
    this.missing = missing;
  }

  @Override
  public String name() {
    return opening.name();
  }

  @Override
  public List<StreamDescription> streams() {
    List<StreamDescription> streams = new ArrayList<>();
    for (Map.Entry<String, Path> file : files().entrySet()) {
      try (BufferedReader lines = Files.newBufferedReader(file.getValue())) {
        streams.add(
            new StreamDescription(
                file.getKey(), columns(lines), -1, Files.size(file.getValue())));
      } catch (IOException e) {
        throw lost(file.getKey(), e);
      }
    }
    return streams;
  }

  @Override
  public List<BatchManifest> extract(ExtractRequest request, ExtractListener listener) {
    Landing.By by = new Landing.By(name(), "typed_tsv/1");
    try (Landing landing = new Landing(by, request, listener, opening.stage())) {
      landing.open(); // from here on it can be cancelled
      Map<String, Path> files = files();
      for (String stream : wanted(request.streams(), files)) {
        try (BufferedReader lines = Files.newBufferedReader(files.get(stream))) {
          Landing.Stream target = landing.stream(stream, columns(lines));
          target.write(new TypedTsvRows(stream, lines, target.columns(), missing), 100);
        } catch (IOException e) {
          throw lost(stream, e);
        }
      }
      return landing.commit("files of " + opening.stage().clock().instant());
    }
  }

  /** Those asked for, or those that the project names, or all. */
  private List<String> wanted(List<String> asked, Map<String, Path> files) {
    List<String> wanted = asked.isEmpty() ? opening.streams() : asked;
    for (String stream : wanted) {
      if (!files.containsKey(stream)) {
        throw error(
            ErrorCode.SOURCE_MISSING_STREAM,
            "there is no %s.tsv; there are streams %s"
                .formatted(stream, String.join(", ", files.keySet())));
      }
    }
    return wanted.isEmpty() ? List.copyOf(files.keySet()) : wanted;
  }

  private Map<String, Path> files() {
    if (!Files.exists(folder)) {
      throw error(ErrorCode.SOURCE_UNREACHABLE, "there is no folder " + folder + "; is it mounted?");
    } else if (!Files.isDirectory(folder)) {
      throw error(ErrorCode.SOURCE_REFUSED, folder + " is no folder; correct settings.location");
    }
    Map<String, Path> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(folder)) {
      all.filter(f -> f.toString().endsWith(".tsv"))
          .forEach(f -> files.put(f.getFileName().toString().replaceFirst("\\.tsv$", ""), f));
    } catch (IOException e) {
      throw error(ErrorCode.SOURCE_REFUSED, "the folder " + folder + " cannot be read");
    }
    return files;
  }

  private List<StagedColumn> columns(BufferedReader lines) throws IOException {
    String first = lines.readLine();
    List<StagedColumn> columns = new ArrayList<>();
    for (String column : first == null ? new String[0] : first.split("\t")) {
      int colon = column.lastIndexOf(':');
      DataType type =
          DataType.parse(column.substring(colon + 1))
              .orElseThrow(
                  () -> error(ErrorCode.DATA_INVALID, column + " is not as id:integer, a name and a type"));
      columns.add(new StagedColumn(new Column(column.substring(0, colon), type), type.sql()));
    }
    return columns;
  }

  private EcluseException lost(String stream, IOException e) {
    return error(ErrorCode.SOURCE_LOST, stream + ".tsv cannot be read to its end: " + e.getMessage());
  }

  private EcluseException error(ErrorCode code, String text) {
    return new EcluseException(code, "Source " + name() + ": " + text);
  }
}
