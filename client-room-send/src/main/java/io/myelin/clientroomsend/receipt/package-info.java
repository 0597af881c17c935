/** Checks a client's receipts and read markers before receipt-server moves them. */
@NullMarked
package io.myelin.clientroomsend.receipt;

import org.jspecify.annotations.NullMarked;
