/** Events as clients see them: an envelope written from the fields of a record, with the content spliced in as bytes. */
@NullMarked
package io.myelin.clientsync.event;

import org.jspecify.annotations.NullMarked;
