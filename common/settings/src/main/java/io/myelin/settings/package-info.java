/**
 * The configuration of a server: {@link io.myelin.settings.ServerSettings} for the whole server, and further records
 * for the services, all bound at {@code myelin} from {@code myelin.yaml} and the environment.
 *
 * <p>The records are the only description of the settings. {@link io.myelin.settings.Setting} at each component says
 * what it means and what is allowed; {@link io.myelin.settings.ConfigurationLoader} checks values against that, and
 * {@link io.myelin.settings.ConfigurationPage} makes {@code docs/configuration.md} from it. A new setting needs a new
 * component and nothing else.
 */
@NullMarked
package io.myelin.settings;

import org.jspecify.annotations.NullMarked;
