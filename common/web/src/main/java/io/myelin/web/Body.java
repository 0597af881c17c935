package io.myelin.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How a controller's {@link io.myelin.matrix.json.JsonObject} parameter is read from the request's body. Without it: by
 * the rules of canonical JSON, and a body there must be.
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface Body {
    /** Whether an empty body is {@code {}}. */
    boolean optional() default false;

    /** Whether any number may be in it: for what is kept but never signed. */
    boolean decimals() default false;
}
