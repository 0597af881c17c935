/** The embedded engines against the real programs: starts, stops, kills and torn data. */
@NullMarked
package io.myelin.embedded;

import org.jspecify.annotations.NullMarked;
