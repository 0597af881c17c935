/** presence-server: which users are online. Sharded by user ID; kept in memory, except for when a user was last active. */
@NullMarked
package io.myelin.contracts.presence;

import org.jspecify.annotations.NullMarked;
