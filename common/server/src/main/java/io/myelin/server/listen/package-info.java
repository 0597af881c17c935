/** Where a process listens, and what it says there about itself: its health to everybody, its status to those who know the
 * secret. */
@NullMarked
package io.myelin.server.listen;

import org.jspecify.annotations.NullMarked;
