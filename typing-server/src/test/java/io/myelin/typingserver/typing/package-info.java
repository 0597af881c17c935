@NullMarked
package io.myelin.typingserver.typing;

import org.jspecify.annotations.NullMarked;
