/** Which servers a room lets take part: {@code m.room.server_acl}. */
@NullMarked
package io.myelin.matrix.acl;

import org.jspecify.annotations.NullMarked;
