/** What clients read, without a database. */
@NullMarked
package io.myelin.accountserver.clientconfig;

import org.jspecify.annotations.NullMarked;
