/** What is decided: receipts of one user in one room move forward, and only forward. Pure. */
@NullMarked
package io.myelin.receiptserver.receipt;

import org.jspecify.annotations.NullMarked;
