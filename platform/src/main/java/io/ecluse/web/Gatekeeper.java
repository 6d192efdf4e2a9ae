package io.ecluse.web;

import io.ecluse.access.Caller;
import io.ecluse.access.Policy;
import io.ecluse.access.Subject;
import io.ecluse.error.ErrorCode;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Asks the policy before a handler begins, and hands the handler its caller. The one road by which
 * requests get to what they ask for.
 */
record Gatekeeper(Policy policy) implements HandlerInterceptor, HandlerMethodArgumentResolver {
  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (handler instanceof HandlerMethod method && isOurs(method)) {
      Asks asks = method.getMethodAnnotation(Asks.class);
      if (asks != null) {
        policy.require(caller(request), asks.value(), subject(asks, request));
      } else if (!method.hasMethodAnnotation(Asks.Nothing.class)) {
        throw new AssertionError("%s asks nothing".formatted(method));
      }
    }
    return true;
  }

  /** What a library serves is the description of the API, for all who are signed in. */
  static boolean isOurs(HandlerMethod method) {
    return method.getBeanType().getName().startsWith("io.ecluse.");
  }

  private static Subject subject(Asks asks, HttpServletRequest request) {
    if (asks.named().isEmpty()) {
      return Subject.every(asks.of());
    }
    Map<?, ?> address =
        (Map<?, ?>) request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
    String name =
        Arrays.stream(asks.named().split("\\."))
            .map(part -> String.valueOf(address.get(part)))
            .collect(Collectors.joining("."));
    return new Subject(
        asks.of(), asks.of() == Subject.Kind.TABLE ? name.toLowerCase(Locale.ROOT) : name);
  }

  private static Caller caller(HttpServletRequest request) {
    return AccessFilter.caller(request)
        .orElseThrow(
            () ->
                ErrorCode.UNAUTHENTICATED.error(
                    "Nobody is signed in; ecluse sign-in prints a link"));
  }

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.getParameterType() == Caller.class;
  }

  @Override
  public Caller resolveArgument(
      MethodParameter parameter,
      @org.jspecify.annotations.Nullable ModelAndViewContainer container,
      NativeWebRequest request,
      @org.jspecify.annotations.Nullable WebDataBinderFactory binders) {
    return caller(Objects.requireNonNull(request.getNativeRequest(HttpServletRequest.class)));
  }
}
