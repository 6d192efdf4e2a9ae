package io.ecluse.web;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The pages: files of the UI's jar, and for every address of the app the one page that knows them
 * all.
 */
@RestController
@io.swagger.v3.oas.annotations.Hidden
final class PageController {
  private static final String FOLDER = "web";

  /** The first words of the app's addresses; what is elsewhere is not there. */
  private static final Set<String> PAGES =
      Set.of("", "sign-in", "dags", "runs", "catalog", "batches", "sql", "dashboards", "problems");

  /** First words of what programs ask for, which want no page. */
  private static final Set<String> FOR_PROGRAMS =
      Set.of("api", "error", "metrics", "health", "healthz", "actuator", "livez", "readyz");

  @GetMapping("/**")
  @Asks.Nothing
  ResponseEntity<Resource> page(HttpServletRequest request) {
    String path = request.getRequestURI();
    String first = path.split("/", -1)[1].toLowerCase(Locale.ROOT);
    if (FOR_PROGRAMS.contains(first)) {
      throw nothing();
    }
    boolean isFile = path.lastIndexOf('.') > path.lastIndexOf('/') && !path.contains("..");
    Resource file = new ClassPathResource(FOLDER + path);
    if (isFile && file.exists()) {
      boolean hashed = path.startsWith("/assets/");
      return ResponseEntity.ok()
          .contentType(
              MediaTypeFactory.getMediaType(file).orElse(MediaType.APPLICATION_OCTET_STREAM))
          .cacheControl(
              hashed
                  ? CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable()
                  : CacheControl.noCache())
          .body(file);
    }
    boolean known = PAGES.contains(first);
    if (!known && !accepts(request)) {
      throw nothing();
    }
    // the app has a page for an address that is none, too
    return ResponseEntity.status(known ? HttpStatus.OK : HttpStatus.NOT_FOUND)
        .contentType(MediaType.TEXT_HTML)
        .cacheControl(CacheControl.noCache())
        .body(new ClassPathResource(FOLDER + "/index.html"));
  }

  private static boolean accepts(HttpServletRequest request) {
    return String.valueOf(request.getHeader("Accept")).contains("text/html")
        && !request.getRequestURI().startsWith("/assets/");
  }

  private static EcluseException nothing() {
    return ErrorCode.NOT_FOUND.error("There is nothing at this address; see /api/v1/openapi.json");
  }
}
