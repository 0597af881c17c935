/** Reads key backups. Client-server API, "Server-side key backups". */
@NullMarked
package io.myelin.accountserver.backup;

import org.jspecify.annotations.NullMarked;
