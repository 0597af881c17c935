/** Decisions, without engines. */
@NullMarked
package io.myelin.receiptserver.receipt;

import org.jspecify.annotations.NullMarked;
