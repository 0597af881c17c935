@NullMarked
package io.myelin.server.wiring;

import org.jspecify.annotations.NullMarked;
