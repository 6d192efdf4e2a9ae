package io.ecluse.source.files;

import io.ecluse.source.ExtractListener;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.FileDecoder;
import io.ecluse.source.Landing;
import io.ecluse.source.Source;
import io.ecluse.source.StreamDescription;
import io.ecluse.staging.BatchManifest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Files of a folder, here or elsewhere: CSV, JSON, Parquet. A stream is the files whose names fit a
 * pattern.
 */
record FilesSource(FilesSettings settings, Landing.Stage stage, FileDecoder decoder)
    implements Source {
  private static final String EXTRACTOR = "files/1";

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public List<StreamDescription> streams() {
    List<StreamDescription> streams = new ArrayList<>();
    try (Folder folder = folder()) {
      settings
          .streams()
          .forEach(
              (name, spec) -> {
                List<Folder.Found> files = folder.files(name, spec);
                long bytes = files.stream().mapToLong(Folder.Found::bytes).sum();
                streams.add(new StreamDescription(name, List.of(), -1, bytes));
              });
    }
    return streams;
  }

  private Folder folder() {
    return new Folder(settings, stage.staging().copies());
  }

  @Override
  public List<BatchManifest> extract(ExtractRequest request, ExtractListener listener) {
    try (Folder folder = folder();
        Landing landing =
            new Landing(new Landing.By(name(), EXTRACTOR), request, listener, stage)) {
      landing.open();
      List<StreamExtract> streams = new ArrayList<>();
      for (String stream : request.wanted(name(), settings.streams().keySet())) {
        StreamExtract extract =
            new StreamExtract(stream, settings.stream(stream), folder, stage.staging(), listener);
        extract.run(landing, decoder);
        streams.add(extract);
      }
      streams.forEach(StreamExtract::checkUnchanged);
      List<BatchManifest> batches = landing.commit(position(streams));
      landing.going().cost(streams.stream().mapToLong(StreamExtract::bytes).sum());
      return batches;
    }
  }

  private static String position(List<StreamExtract> streams) {
    long files = streams.stream().mapToLong(s -> s.files().size()).sum();
    return streams.stream()
        .flatMap(s -> s.files().stream())
        .map(Folder.Found::modifiedAt)
        .max(Comparator.naturalOrder())
        .map(newest -> "%d files, the newest of %s".formatted(files, newest))
        .orElse("no files");
  }
}
