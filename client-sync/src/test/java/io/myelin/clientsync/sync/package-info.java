@NullMarked
package io.myelin.clientsync.sync;

import org.jspecify.annotations.NullMarked;
