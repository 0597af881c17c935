/**
 * receipt-server, the one owner of how far everybody has read. {@code receipt} is what is decided, {@code storage} its
 * table and what it tells others, {@code config} how all that is wired.
 */
@NullMarked
package io.myelin.receiptserver;

import org.jspecify.annotations.NullMarked;
