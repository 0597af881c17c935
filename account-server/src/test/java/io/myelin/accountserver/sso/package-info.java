@NullMarked
package io.myelin.accountserver.sso;

import org.jspecify.annotations.NullMarked;
