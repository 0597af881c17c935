/** Keys of end-to-end encryption: what clients upload, query and claim. Client-server API, "End-to-End Encryption". */
@NullMarked
package io.myelin.accountserver.keys;

import org.jspecify.annotations.NullMarked;
