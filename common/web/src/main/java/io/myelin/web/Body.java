package io.myelin.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How a controller's {@link io.myelin.matrix.json.JsonObject} parameter is read from the request's body. Without this
 * annotation the rules of canonical JSON hold, and a body is required.
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface Body {
    /** Whether an empty body counts as {@code {}}. */
    boolean optional() default false;

    /** Whether the body may contain any number: for data that is stored but never signed. */
    boolean decimals() default false;
}
