/** typing-server: which users are typing in which room. Sharded by room ID; nothing is stored. */
@NullMarked
package io.myelin.contracts.typing;

import org.jspecify.annotations.NullMarked;
