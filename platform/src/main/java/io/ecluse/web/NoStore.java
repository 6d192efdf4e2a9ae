package io.ecluse.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.web.header.HeaderWriter;

/**
 * What the API answers is kept by no cache. Pages, which hold nothing of anybody, say for
 * themselves.
 */
final class NoStore implements HeaderWriter {
  @Override
  public void writeHeaders(HttpServletRequest request, HttpServletResponse response) {
    String path = request.getRequestURI();
    if (path.startsWith("/api") || path.startsWith("/health") || path.startsWith("/metrics")) {
      response.setHeader("Cache-Control", "no-store");
    }
  }
}
