@NullMarked
package io.myelin.clientsync.space;

import org.jspecify.annotations.NullMarked;
