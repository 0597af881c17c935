@NullMarked
package io.myelin.clientsync.filter;

import org.jspecify.annotations.NullMarked;
