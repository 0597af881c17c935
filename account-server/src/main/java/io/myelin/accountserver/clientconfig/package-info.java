/** Account data as clients read it, including the types that are stored in other places. */
@NullMarked
package io.myelin.accountserver.clientconfig;

import org.jspecify.annotations.NullMarked;
