/** What every process that serves clients needs from account-server: the user of an access token. */
@NullMarked
package io.myelin.server.sessions;

import org.jspecify.annotations.NullMarked;
