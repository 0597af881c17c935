/** Sends a command to the owner of its user's shard, in this process or in another instance. */
@NullMarked
package io.myelin.accountserver.ownership;

import org.jspecify.annotations.NullMarked;
