package io.myelin.contracts;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * An operation of a {@link Contract} that makes a request to somebody else's server: it may take that server's time, and what it
 * causes there must not happen twice. A caller in another process waits for one instance, and asks another only if the first
 * cannot have heard of it.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface AskedOnce {
    /** How long a caller waits. */
    int seconds();
}
