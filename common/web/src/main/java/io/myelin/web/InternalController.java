package io.myelin.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.web.bind.annotation.RestController;

/**
 * A controller for our own processes, below {@link #PATHS}: on the internal port, for those who prove that they know
 * the secret, and nowhere else. To anybody else it does not exist. See {@link InternalListener}.
 */
@Documented
@RestController
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface InternalController {

    /** What the paths of all of them begin with. */
    String PATHS = "/_myelin/internal/";
}
