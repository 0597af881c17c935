/**
 * receipt-server, the only owner of receipts. {@code receipt} has the rules, {@code storage} the table and the queries,
 * {@code config} the wiring.
 */
@NullMarked
package io.myelin.receiptserver;

import org.jspecify.annotations.NullMarked;
