/**
 * The configuration of a server: {@link io.myelin.settings.ServerSettings} for the whole of it, and a record of each service's
 * own, all bound at {@code myelin} from {@code myelin.yaml} and the environment.
 *
 * <p>The records are the only description there is: {@link io.myelin.settings.Setting} at each component says what it means
 * and what is allowed, {@link io.myelin.settings.ConfigurationLoader} checks against that, and {@code docs/configuration.md} is
 * {@link io.myelin.settings.ConfigurationPage} made from it. A new setting is a new component, and nothing else.
 */
@NullMarked
package io.myelin.settings;

import org.jspecify.annotations.NullMarked;
