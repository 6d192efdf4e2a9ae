package io.ecluse.source.http;

import io.ecluse.error.ErrorCode;
import io.ecluse.source.ExtractListener;
import io.ecluse.source.ExtractRequest;
import io.ecluse.source.FileDecoder;
import io.ecluse.source.Landing;
import io.ecluse.source.Source;
import io.ecluse.source.StreamDescription;
import io.ecluse.staging.BatchManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * Lists of JSON objects that an HTTP API answers with, page by page. An API has no snapshot: what
 * changes while pages are read may be there twice, or not at all.
 */
record HttpSource(
    HttpSettings settings, Landing.Stage stage, FileDecoder decoder, Pacing.Waiting waiting)
    implements Source {
  private static final String EXTRACTOR = "http/1";

  HttpSource(HttpSettings settings, Landing.Stage stage, FileDecoder decoder) {
    this(settings, stage, decoder, Pacing.Waiting::real);
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public List<StreamDescription> streams() {
    return settings.streams().keySet().stream()
        .map(s -> new StreamDescription(s, List.of(), -1, 0))
        .toList();
  }

  @Override
  public List<BatchManifest> extract(ExtractRequest request, ExtractListener listener) {
    List<String> wanted = request.wanted(name(), settings.streams().keySet());
    try (Landing landing =
        new Landing(new Landing.By(name(), EXTRACTOR), request, listener, stage)) {
      landing.open();
      Instant from = stage.clock().instant();
      HttpApi api =
          new HttpApi(
              settings,
              new HttpApi.Tools(new HttpErrors(settings), stage.clock(), waiting),
              listener::log);
      for (String stream : wanted) {
        read(landing, stream, request, listener, api);
      }
      List<BatchManifest> batches =
          landing.commit(
              "%d requests from %s to %s".formatted(api.requests(), from, stage.clock().instant()));
      landing.going().cost(api.bytes());
      return batches;
    }
  }

  private void read(
      Landing landing,
      String stream,
      ExtractRequest request,
      ExtractListener listener,
      HttpApi api) {
    Path folder = landing.folder(stream);
    Path answer = folder.resolve("answer.json");
    landing.going().whenOver(api::cancel);
    HttpStream.Work work =
        new HttpStream.Work(stage.staging(), decoder, new HttpErrors(settings), listener, answer);
    try {
      new HttpStream(stream, settings, work).run(landing, folder, api, request.reading());
    } finally {
      delete(answer);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw ErrorCode.INTERNAL.error("Could not delete " + file, e);
    }
  }
}
