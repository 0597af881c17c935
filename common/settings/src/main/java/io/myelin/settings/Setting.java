package io.myelin.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Describes a component of a configuration record: its meaning and the values it may have. */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Setting {
    /** The meaning, in a sentence or two of Markdown. */
    String value();

    /** The least value of a number, a duration in milliseconds, or a size in bytes. */
    long min() default Long.MIN_VALUE;

    /** The greatest value, in the same units. */
    long max() default Long.MAX_VALUE;

    /** Whether a number has to be a power of two. */
    boolean powerOfTwo() default false;

    /** A regular expression for a text; empty if any text is allowed. */
    String pattern() default "";

    /** {@link #pattern()} in words. */
    String form() default "";

    /** The texts that are allowed, all of them if empty. */
    String[] oneOf() default {};

    /** Whether the value is a secret, never to be printed. */
    boolean secret() default false;

    /**
     * Whether the value may change while the process runs. Whoever uses it then asks {@link CurrentSettings} at each use.
     */
    boolean reloadable() default false;
}
