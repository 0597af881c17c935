/** The way of a command to the owner of its user's shard, here or in another instance. */
@NullMarked
package io.myelin.accountserver.ownership;

import org.jspecify.annotations.NullMarked;
