/** receipt-server: how far each user has read in each room, publicly, privately, by thread. Sharded by room ID. */
@NullMarked
package io.myelin.contracts.receipt;

import org.jspecify.annotations.NullMarked;
