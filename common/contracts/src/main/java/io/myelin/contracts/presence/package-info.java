/** presence-server: who is online. Sharded by user ID; kept in memory, but for when somebody was last active. */
@NullMarked
package io.myelin.contracts.presence;

import org.jspecify.annotations.NullMarked;
