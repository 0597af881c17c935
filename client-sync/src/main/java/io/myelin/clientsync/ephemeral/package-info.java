/**
 * Typing and presence, which are true only for now. Their values come from the records of their owners; a client's
 * token says up to which version it was told.
 */
@NullMarked
package io.myelin.clientsync.ephemeral;

import org.jspecify.annotations.NullMarked;
