@NullMarked
package io.myelin.server.traces;

import org.jspecify.annotations.NullMarked;
