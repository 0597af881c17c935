/**
 * Room versions as data: one declaration each, which says what the version changes in the one before. A version is composed
 * of the format of its events, what a redaction leaves of them, the rules it has, its default power levels and its
 * algorithm of state resolution. The code that follows them is in {@code event}, {@code auth} and {@code resolution}.
 */
@NullMarked
package io.myelin.matrix.room;

import org.jspecify.annotations.NullMarked;
