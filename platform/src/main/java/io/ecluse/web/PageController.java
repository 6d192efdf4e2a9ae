package io.ecluse.web;

import io.ecluse.error.EcluseException;
import io.ecluse.error.ErrorCode;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
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

  @GetMapping("/**")
  ResponseEntity<Resource> page(HttpServletRequest request) {
    String path = request.getRequestURI();
    if (path.startsWith("/api/") || path.equals("/api")) {
      throw new EcluseException(
          ErrorCode.NOT_FOUND, "There is nothing at " + path + "; see /api/v1/openapi.json");
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
    if (path.startsWith("/assets/")) {
      throw new EcluseException(ErrorCode.NOT_FOUND, "There is nothing at " + path);
    }
    return ResponseEntity.ok()
        .contentType(MediaType.TEXT_HTML)
        .cacheControl(CacheControl.noCache())
        .body(new ClassPathResource(FOLDER + "/index.html"));
  }
}
