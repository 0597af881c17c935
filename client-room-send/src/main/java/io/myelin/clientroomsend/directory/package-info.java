/** Room aliases and the published room directory. */
@NullMarked
package io.myelin.clientroomsend.directory;

import org.jspecify.annotations.NullMarked;
