package io.ecluse.web;

import io.ecluse.access.Action;
import io.ecluse.access.Subject;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a handler asks the policy for its caller, before it begins. Every handler has this, or is
 * {@link Nothing}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Asks {
  Action value();

  Subject.Kind of();

  /**
   * The parts of the address that name the subject, as {@code schema.name}; without any, all of its
   * kind are meant.
   */
  String named() default "";

  /** For anybody, signed in or not. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.METHOD)
  @interface Nothing {}
}
