/** The rules: the receipts of a user in a room only move forward. Pure. */
@NullMarked
package io.myelin.receiptserver.receipt;

import org.jspecify.annotations.NullMarked;
