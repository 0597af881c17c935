/** The wiring of receipt-server. */
@NullMarked
package io.myelin.receiptserver.config;

import org.jspecify.annotations.NullMarked;
