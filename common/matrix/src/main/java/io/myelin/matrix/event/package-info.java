/**
 * Room events as servers exchange them (PDUs): reading and building them, their hashes, signatures, size limits and
 * redaction, each as the room version says.
 */
@NullMarked
package io.myelin.matrix.event;

import org.jspecify.annotations.NullMarked;
