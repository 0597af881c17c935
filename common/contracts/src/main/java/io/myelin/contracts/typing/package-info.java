/** typing-server: who is typing in which room. Sharded by room ID; nothing is kept. */
@NullMarked
package io.myelin.contracts.typing;

import org.jspecify.annotations.NullMarked;
