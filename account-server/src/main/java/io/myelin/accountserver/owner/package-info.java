/** The way into the lanes of the shards that this process owns. */
@NullMarked
package io.myelin.accountserver.owner;

import org.jspecify.annotations.NullMarked;
