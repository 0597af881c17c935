/** The rules of who is typing, and until when. Pure. */
@NullMarked
package io.myelin.typingserver.typing;

import org.jspecify.annotations.NullMarked;
