/** The tables, one class each, with the rows that facts write and the statements that read them. */
@NullMarked
package io.myelin.roomserver.storage;

import org.jspecify.annotations.NullMarked;
