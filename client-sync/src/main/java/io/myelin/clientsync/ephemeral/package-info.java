/**
 * What is true only now: who types, who is online. Values are folded from the records of their owners; a client's token
 * says up to which version it was told.
 */
@NullMarked
package io.myelin.clientsync.ephemeral;

import org.jspecify.annotations.NullMarked;
