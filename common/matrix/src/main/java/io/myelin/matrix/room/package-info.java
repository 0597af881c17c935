/**
 * Room versions as data: each has one declaration of its changes to the version before. A version consists of the event
 * format, the redaction rules, the authorisation rules, the default power levels and the algorithm of state resolution. The
 * code that applies them is in {@code event}, {@code auth} and {@code resolution}.
 */
@NullMarked
package io.myelin.matrix.room;

import org.jspecify.annotations.NullMarked;
