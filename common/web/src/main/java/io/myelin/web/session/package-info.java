/**
 * Finds the session of an access token. A token names its user, so any service knows which shard of account-server to
 * ask. Answers are cached, and dropped when a fact in that shard's log ends the session.
 */
@NullMarked
package io.myelin.web.session;

import org.jspecify.annotations.NullMarked;
