package io.ecluse.web;

import io.ecluse.Platform;
import io.ecluse.access.AccessTokens;
import io.ecluse.access.Caller;
import io.ecluse.error.ErrorCode;
import io.ecluse.query.QueryJobs;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.servers.Server;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springdoc.core.configuration.SpringDocConfiguration;
import org.springdoc.core.configuration.SpringDocSpecPropertiesConfiguration;
import org.springdoc.core.properties.SpringDocConfigProperties;
import org.springdoc.core.utils.SpringDocUtils;
import org.springdoc.webmvc.core.configuration.MultipleOpenApiSupportConfiguration;
import org.springdoc.webmvc.core.configuration.SpringDocWebMvcConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.servlet.autoconfigure.HttpEncodingAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.AsyncSupportConfigurer;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * The beans of the web door; the platform's parts come in ready made. What Spring Boot configures
 * is named, for to look at all that it could costs a second of every start.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({
  PropertyPlaceholderAutoConfiguration.class,
  SslAutoConfiguration.class,
  TomcatServletWebServerAutoConfiguration.class,
  HttpEncodingAutoConfiguration.class,
  JacksonAutoConfiguration.class,
  HttpMessageConvertersAutoConfiguration.class,
  DispatcherServletAutoConfiguration.class,
  WebMvcAutoConfiguration.class,
  SecurityAutoConfiguration.class,
  SecurityFilterAutoConfiguration.class,
  ServletWebSecurityAutoConfiguration.class,
  SpringDocConfiguration.class,
  SpringDocConfigProperties.class,
  SpringDocSpecPropertiesConfiguration.class,
  SpringDocWebMvcConfiguration.class,
  MultipleOpenApiSupportConfiguration.class
})
@Import({
  ErrorAdvice.class,
  HealthController.class,
  MetricsController.class,
  SessionController.class,
  HomeController.class,
  DagController.class,
  RunController.class,
  EventController.class,
  CatalogController.class,
  CompletionController.class,
  BatchController.class,
  QueryController.class,
  ExportController.class,
  DashboardController.class,
  IcebergController.class,
  PageController.class
})
class WebApplication {
  private static final int STREAMING_THREADS = 32;
  private static final String CONTENT_POLICY =
      "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; font-src 'self' data:; worker-src 'self' blob:; object-src 'none'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

  /** The platform's to close. */
  @Bean(destroyMethod = "")
  QueryJobs queryJobs(Platform platform) {
    return platform.jobs();
  }

  @Bean
  OpenAPI description() {
    SpringDocUtils.getConfig().addRequestWrapperToIgnore(Caller.class);
    return new OpenAPI()
        .info(
            new Info()
                .title("Écluse")
                .version("1")
                .description(
                    "Sign in with Authorization: Bearer TOKEN (ecluse token NAME prints one). Times are ISO 8601 in UTC. Errors have the body {\"error\": {code, number, message, line, column, field, hint}}: line and column of a text, field of several values, where there is one."))
        .servers(List.of(new Server().url("/")));
  }

  @Bean(initMethod = "start", destroyMethod = "close")
  Connections connections(Bounds bounds, WebSettings settings) {
    return new Connections(bounds, settings.proxies());
  }

  @Bean
  EventStreams eventStreams(AccessTokens tokens, Bounds bounds) {
    return new EventStreams(tokens, bounds);
  }

  /** What streams an answer has a thread of these; a slow client keeps one for a while. */
  @Bean(destroyMethod = "shutdown")
  ThreadPoolTaskExecutor streaming() {
    ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
    executor.setThreadNamePrefix("answer-");
    executor.setDaemon(true);
    executor.setCorePoolSize(0);
    executor.setMaxPoolSize(STREAMING_THREADS);
    executor.setQueueCapacity(0);
    return executor;
  }

  @Bean
  WebMvcConfigurer handling(ThreadPoolTaskExecutor streaming, Platform platform) {
    Gatekeeper gatekeeper = new Gatekeeper(platform.policy());
    return new WebMvcConfigurer() {
      @Override
      public void addInterceptors(InterceptorRegistry interceptors) {
        interceptors.addInterceptor(gatekeeper);
      }

      @Override
      public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(gatekeeper);
      }

      @Override
      public void configureAsyncSupport(AsyncSupportConfigurer configurer) {
        configurer.setTaskExecutor(streaming);
      }
    };
  }

  @Bean
  TomcatBounds tomcatBounds(Connections connections, Bounds bounds, WebSettings settings) {
    return new TomcatBounds(connections, bounds, settings);
  }

  @Bean
  FilterRegistrationBean<FrontFilter> front(String instance) {
    FilterRegistrationBean<FrontFilter> front =
        new FilterRegistrationBean<>(new FrontFilter(instance));
    front.setOrder(Ordered.HIGHEST_PRECEDENCE);
    front.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC);
    return front;
  }

  @Bean
  SecurityFilterChain access(
      HttpSecurity http, AccessTokens tokens, WebSettings settings, Bounds bounds) {
    return http.csrf(AbstractHttpConfigurer::disable) // AccessFilter asks for a header instead
        .requestCache(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .anonymous(a -> a.principal("nobody"))
        .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .headers(
            h ->
                h.contentSecurityPolicy(c -> c.policyDirectives(CONTENT_POLICY))
                    .cacheControl(HeadersConfigurer.CacheControlConfig::disable)
                    .addHeaderWriter(new NoStore())
                    .httpStrictTransportSecurity(
                        s -> s.includeSubDomains(false).requestMatcher(r -> isSecure(r, settings)))
                    .crossOriginOpenerPolicy(c -> c.policy(CrossOriginOpenerPolicy.SAME_ORIGIN))
                    .addHeaderWriter(
                        (request, response) -> // set once: Spring's own adds it at each dispatch
                        response.setHeader("Cross-Origin-Resource-Policy", "same-origin"))
                    .referrerPolicy(r -> r.policy(ReferrerPolicy.NO_REFERRER)))
        .authorizeHttpRequests(
            a ->
                a.dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR)
                    .permitAll()
                    .requestMatchers("/api/v1/health/**", "/api/v1/session", "/api/v1/schemas/**")
                    .permitAll()
                    .requestMatchers("/api/**")
                    .authenticated()
                    .anyRequest()
                    .permitAll())
        .exceptionHandling(
            e ->
                e.authenticationEntryPoint(
                    (request, response, failure) ->
                        AccessFilter.refuse(
                            response,
                            ErrorCode.UNAUTHENTICATED,
                            "Sign in first: ecluse sign-in prints a link, ecluse token NAME a bearer token")))
        .addFilterBefore(new AccessFilter(tokens, settings), AuthorizationFilter.class)
        .addFilterAfter(new BodyFilter(bounds), AuthorizationFilter.class)
        .addFilterBefore(new OutageFilter(), AccessFilter.class)
        .build();
  }

  /** Not on this machine's own names, under which other programs are served by HTTP. */
  private static boolean isSecure(HttpServletRequest request, WebSettings settings) {
    return (request.isSecure() || settings.isSecure())
        && !Addresses.isLocalName(request.getServerName());
  }
}
