package io.myelin.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.web.bind.annotation.RestController;

/**
 * A controller for the server's own processes, below {@link #PATHS}. It is reached on the internal port only, and only
 * with a proof of the secret; all other requests get a 404. See {@link InternalListener}.
 */
@Documented
@RestController
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface InternalController {

    /** The beginning of the paths of all internal controllers. */
    String PATHS = "/_myelin/internal/";
}
