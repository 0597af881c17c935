/** Account data as clients read it, with what is account data in the specification's eyes only. */
@NullMarked
package io.myelin.accountserver.clientconfig;

import org.jspecify.annotations.NullMarked;
