@NullMarked
package io.myelin.clientsync.visibility;

import org.jspecify.annotations.NullMarked;
