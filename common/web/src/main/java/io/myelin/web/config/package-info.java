/**
 * The configuration of a Myelin server: one tree of records, {@link io.myelin.web.config.MyelinProperties}, bound at
 * {@code myelin} from {@code myelin.yaml} and the environment.
 *
 * <p>The records are the only description there is: {@link io.myelin.web.config.Setting} at each component says what
 * it means and what is allowed, {@link io.myelin.web.config.ConfigurationLoader} checks against that, and
 * {@code docs/configuration.md} is {@link io.myelin.web.config.ConfigurationPage} made from it. A new setting is a new
 * component, and nothing else.
 */
@NullMarked
package io.myelin.web.config;

import org.jspecify.annotations.NullMarked;
