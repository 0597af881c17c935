/** account-server's tables, a class for each: what a batch writes to it, and what is read from it. */
@NullMarked
package io.myelin.accountserver.storage;

import org.jspecify.annotations.NullMarked;
