/**
 * Calls between the processes of one server: any interface of the contracts, over HTTP, its arguments and its result in
 * CBOR, on the internal listener. {@link io.myelin.server.rpc.Served} is the owner's side, {@link
 * io.myelin.server.rpc.Services} the callers'.
 *
 * <p>{@code POST /_myelin/internal/<service>/<contract>/<operation>} takes the arguments as an array. 200 has the result,
 * 421 says that only the shard's owner can do it and who that is, 422 that the call itself is refused, 503 that the same
 * may succeed later. {@code GET /_myelin/internal/<service>/owners} says who owns which shard, {@code POST
 * /_myelin/internal/<service>/committed} what is committed in the shards that the instance itself owns.
 */
@NullMarked
package io.myelin.server.rpc;

import org.jspecify.annotations.NullMarked;
