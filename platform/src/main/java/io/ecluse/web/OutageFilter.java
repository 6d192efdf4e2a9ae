package io.ecluse.web;

import io.ecluse.error.DatabaseLost;
import io.ecluse.error.EcluseException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * What fails before a controller has the request, such as finding out who asks, is answered as a
 * controller's failure is: while the database is away, 503 with the usual body.
 */
final class OutageFilter extends OncePerRequestFilter {
  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    try {
      chain.doFilter(request, response);
    } catch (ServletException | RuntimeException e) {
      Optional<EcluseException> lost = DatabaseLost.in(e);
      if (lost.isEmpty() || response.isCommitted()) {
        throw e;
      }
      response.resetBuffer();
      AccessFilter.refuse(response, lost.get().code(), String.valueOf(lost.get().getMessage()));
    }
  }
}
