/**
 * Calls between the processes of one server: any interface of the contracts is called over HTTP on the internal
 * listener, with arguments and result in CBOR. {@link io.myelin.server.rpc.Served} is the owner's side, {@link
 * io.myelin.server.rpc.Services} the callers'.
 *
 * <p>{@code POST /_myelin/internal/<service>/<contract>/<operation>} takes the arguments as an array. 200 has the
 * result. 421 says that only the shard's owner can answer, and names it. 422 says that the call is refused, 503 that
 * the same call may succeed later. {@code GET /_myelin/internal/<service>/owners} says who owns which shard, {@code
 * POST /_myelin/internal/<service>/committed} what is committed in the shards that the instance itself owns.
 */
@NullMarked
package io.myelin.server.rpc;

import org.jspecify.annotations.NullMarked;
