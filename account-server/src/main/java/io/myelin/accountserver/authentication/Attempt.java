package io.myelin.accountserver.authentication;

import io.myelin.matrix.id.UserId;
import io.myelin.web.RequestFields;
import io.myelin.web.address.ClientAddress;
import org.jspecify.annotations.Nullable;

/**
 * An attempt to complete a stage.
 *
 * @param operation the name of what is asked for
 * @param auth the fields that the client presents
 * @param client from where
 * @param requester the user who is to prove who they are; null where nobody is logged in
 */
public record Attempt(
        String operation,
        RequestFields auth,
        ClientAddress client,
        @Nullable UserId requester) {}
