/** The tables, one class each: what a fact writes into them, and the statements that read them. */
@NullMarked
package io.myelin.roomserver.storage;

import org.jspecify.annotations.NullMarked;
