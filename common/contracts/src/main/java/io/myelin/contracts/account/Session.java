package io.myelin.contracts.account;

import io.myelin.matrix.id.UserId;
import org.jspecify.annotations.Nullable;

/**
 * The user and the device that an access token stands for.
 *
 * @param device null for a token without a device (an application service)
 * @param seq the number, in the user's shard, of the fact that began the session
 */
public record Session(UserId user, @Nullable String device, boolean admin, boolean guest, long seq) {}
