/** Which devices are syncing, published to presence-server as seldom as it can do with. */
@NullMarked
package io.myelin.clientsync.activity;

import org.jspecify.annotations.NullMarked;
