/** What is deleted in the background: bodies that were redacted long ago, and what is left of purged rooms. */
@NullMarked
package io.myelin.roomserver.deletion;

import org.jspecify.annotations.NullMarked;
