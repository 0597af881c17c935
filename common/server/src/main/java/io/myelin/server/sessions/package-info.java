/** What every process that serves clients needs of account-server: who a token stands for. */
@NullMarked
package io.myelin.server.sessions;

import org.jspecify.annotations.NullMarked;
