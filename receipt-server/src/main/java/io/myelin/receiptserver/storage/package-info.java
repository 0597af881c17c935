/** The table of receipts, and the answers that are read from it. */
@NullMarked
package io.myelin.receiptserver.storage;

import org.jspecify.annotations.NullMarked;
