/** What every process that serves clients needs of account-server: who a token stands for, and the door to its commands. */
@NullMarked
package io.myelin.server.sessions;

import org.jspecify.annotations.NullMarked;
