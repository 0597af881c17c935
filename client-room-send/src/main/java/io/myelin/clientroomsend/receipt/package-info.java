/** How far somebody has read: what is checked before receipt-server moves a receipt. */
@NullMarked
package io.myelin.clientroomsend.receipt;

import org.jspecify.annotations.NullMarked;
