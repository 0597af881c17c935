/** Events: messages, state, redactions. */
@NullMarked
package io.myelin.clientroomsend.send;

import org.jspecify.annotations.NullMarked;
