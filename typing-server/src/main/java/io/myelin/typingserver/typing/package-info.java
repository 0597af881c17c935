/** Who is typing, and until when: pure. */
@NullMarked
package io.myelin.typingserver.typing;

import org.jspecify.annotations.NullMarked;
