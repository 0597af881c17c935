/**
 * What every server is: {@link io.myelin.server.ShardOwner} puts the two halves of the engines' shell together, one subclass for
 * each engine whose shards have owners.
 */
@NullMarked
package io.myelin.server;

import org.jspecify.annotations.NullMarked;
