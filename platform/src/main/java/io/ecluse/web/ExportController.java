package io.ecluse.web;

import io.ecluse.Platform;
import io.ecluse.access.Action;
import io.ecluse.access.Caller;
import io.ecluse.access.Subject;
import io.ecluse.engine.Cancellation;
import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import io.ecluse.query.QueryJobs;
import io.ecluse.query.ResultFiles;
import io.ecluse.query.Spreadsheets;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** Results as files that programs and spreadsheets open, with a name that says what they are. */
@RestController
@RequestMapping("/api/v1/queries")
final class ExportController {
  private final Platform platform;
  private final QueryJobs jobs;
  private final Clock clock = Clock.systemUTC();

  ExportController(Platform platform, QueryJobs jobs) {
    this.platform = platform;
    this.jobs = jobs;
  }

  /** What a result is handed out as, by the word that asks for it. */
  private enum Kind {
    CSV("csv", "csv", "text/csv;charset=UTF-8"),
    CSV_EXCEL_FR("csv-excel-fr", "csv", "text/csv;charset=UTF-8"),
    XLSX("xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    JSON("json", "json", "application/json"),
    PARQUET("parquet", "parquet", "application/vnd.apache.parquet"),
    ARROW("arrow", "arrows", "application/vnd.apache.arrow.stream");

    private final String word;
    private final String extension;
    private final String type;

    Kind(String word, String extension, String type) {
      this.word = word;
      this.extension = extension;
      this.type = type;
    }

    static Kind of(String word) {
      return Arrays.stream(values())
          .filter(k -> k.word.equals(word.toLowerCase(Locale.ROOT)))
          .findFirst()
          .orElseThrow(
              () ->
                  new EcluseException(
                      ErrorCode.INVALID_USAGE,
                      "format must be one of "
                          + Arrays.stream(values())
                              .map(k -> k.word)
                              .collect(Collectors.joining(", ")),
                      "format"));
    }
  }

  /**
   * @param name what the file is called, without its ending; by default what was read, and when
   * @param neutralise whether texts that a spreadsheet would take for formulas get an apostrophe in
   *     front; by default where a spreadsheet is meant
   */
  @GetMapping("/{id}/export")
  @Asks(value = Action.EXPORT_ROWS, of = Subject.Kind.QUERY, named = "id")
  ResponseEntity<StreamingResponseBody> export(
      @PathVariable String id,
      @RequestParam(defaultValue = "csv") String format,
      @RequestParam(required = false) @Nullable String name,
      @RequestParam(required = false) @Nullable Boolean neutralise,
      Caller caller,
      HttpServletRequest request) {
    Kind kind = Kind.of(format);
    QueryJobs.Status status = jobs.find(caller, id);
    String called =
        ExportName.of(
            Optional.ofNullable(name),
            platform.project().get().name(),
            status.snapshots().keySet(),
            clock.instant());
    Wanted wanted = new Wanted(caller, id, Optional.ofNullable(neutralise), new Cancellation());
    Path file = Presence.of(request).whileThere(wanted.cancellation(), () -> file(kind, wanted));
    ContentDisposition disposition =
        ContentDisposition.attachment()
            .filename(called + "." + kind.extension, StandardCharsets.UTF_8)
            .build();
    return ResponseEntity.ok()
        .header(HttpHeaders.CONTENT_TYPE, kind.type)
        .header(HttpHeaders.CONTENT_DISPOSITION, disposition.toString())
        .header(HttpHeaders.CONTENT_LENGTH, String.valueOf(file.toFile().length()))
        .body(
            out -> {
              try {
                Files.copy(file, out);
              } finally {
                jobs.discard(file);
              }
            });
  }

  private record Wanted(
      Caller owner, String id, Optional<Boolean> neutralise, Cancellation cancellation) {}

  /** A new file, made whole before the first byte is sent, so that an error can be told. */
  private Path file(Kind kind, Wanted wanted) {
    return switch (kind) {
      case JSON -> plain(ResultFiles.Format.JSON, wanted);
      case PARQUET -> plain(ResultFiles.Format.PARQUET, wanted);
      case ARROW -> plain(ResultFiles.Format.ARROW, wanted);
      case CSV ->
          wanted.neutralise().orElse(false)
              ? sheet(Spreadsheets.Format.CSV, wanted)
              : plain(ResultFiles.Format.CSV, wanted);
      case CSV_EXCEL_FR -> sheet(Spreadsheets.Format.CSV_EXCEL_FR, wanted);
      case XLSX -> sheet(Spreadsheets.Format.XLSX, wanted);
    };
  }

  private Path plain(ResultFiles.Format format, Wanted wanted) {
    return jobs.export(wanted.owner(), wanted.id(), format, wanted.cancellation());
  }

  private Path sheet(Spreadsheets.Format format, Wanted wanted) {
    Spreadsheets.Formulas formulas =
        wanted
            .neutralise()
            .map(n -> n ? Spreadsheets.Formulas.NEUTRAL : Spreadsheets.Formulas.AS_THEY_ARE)
            .orElse(format.usual());
    return jobs.export(wanted.owner(), wanted.id(), format, formulas, wanted.cancellation());
  }
}
