/**
 * Who an access token stands for. Tokens name their user, so that any service knows which shard of account-server to
 * ask; what was asked once is remembered, and forgotten when the log of that shard says so.
 */
@NullMarked
package io.myelin.web.session;

import org.jspecify.annotations.NullMarked;
