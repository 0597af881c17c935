/** What every server is: {@link io.myelin.server.ShardServer} puts the two halves of the engines' shell together. */
@NullMarked
package io.myelin.server;

import org.jspecify.annotations.NullMarked;
