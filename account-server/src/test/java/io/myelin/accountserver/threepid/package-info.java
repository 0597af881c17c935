@NullMarked
package io.myelin.accountserver.threepid;

import org.jspecify.annotations.NullMarked;
