/**
 * presence-server: who is online. {@link io.myelin.presenceserver.presence} has the rules, {@link
 * io.myelin.presenceserver.storage} the table, {@link io.myelin.presenceserver.config} puts them on the engine.
 */
@NullMarked
package io.myelin.presenceserver;

import org.jspecify.annotations.NullMarked;
