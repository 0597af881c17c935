@NullMarked
package io.myelin.clientsync.cache;

import org.jspecify.annotations.NullMarked;
