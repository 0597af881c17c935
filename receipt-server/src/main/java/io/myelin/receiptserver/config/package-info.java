/** How receipt-server is put together. */
@NullMarked
package io.myelin.receiptserver.config;

import org.jspecify.annotations.NullMarked;
