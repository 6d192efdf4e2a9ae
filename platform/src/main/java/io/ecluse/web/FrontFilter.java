package io.ecluse.web;

import io.ecluse.error.ErrorCode;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * The first filter: refuses what found no place, and gives no client for ever to take an answer.
 */
record FrontFilter(String instance) implements Filter {
  /** By which a server is known again; in answers about its health alone. */
  static final String INSTANCE = "X-Ecluse-Instance";

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletResponse answer = (HttpServletResponse) response;
    if (request.getAttribute(GateValve.NO_PLACE) != null) {
      answer.setHeader("Retry-After", "1");
      AccessFilter.refuse(
          answer,
          ErrorCode.SERVER_BUSY,
          "The server has as many requests as it can work on; try again in a moment");
    } else if (request.getDispatcherType() == DispatcherType.ASYNC) {
      chain.doFilter(request, response); // wrapped when it came
    } else {
      if (((HttpServletRequest) request).getRequestURI().equals(GateValve.HEALTH)) {
        answer.setHeader(INSTANCE, instance);
      }
      chain.doFilter(request, new PatientResponse(answer));
    }
  }
}
