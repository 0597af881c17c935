@NullMarked
package io.myelin.clientsync.token;

import org.jspecify.annotations.NullMarked;
