/** account-server's tables, one class for each: how a batch is written to it, and how it is read. */
@NullMarked
package io.myelin.accountserver.storage;

import org.jspecify.annotations.NullMarked;
