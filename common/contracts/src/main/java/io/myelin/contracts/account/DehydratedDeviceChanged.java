package io.myelin.contracts.account;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.myelin.matrix.id.UserId;
import org.jspecify.annotations.Nullable;

/**
 * A user's dehydrated device is another one. It has no place in the log: nobody follows it, and a replay has a hole instead.
 *
 * @param device null if there is none any more
 */
public record DehydratedDeviceChanged(
        UserId user,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String device) implements AccountFact {}
