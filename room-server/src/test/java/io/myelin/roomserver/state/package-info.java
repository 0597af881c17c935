@NullMarked
package io.myelin.roomserver.state;

import org.jspecify.annotations.NullMarked;
