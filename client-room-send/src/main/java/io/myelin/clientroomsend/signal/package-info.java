/** What passes: that somebody is typing, and how they want to be shown. Nobody decides it, and nobody keeps it. */
@NullMarked
package io.myelin.clientroomsend.signal;

import org.jspecify.annotations.NullMarked;
