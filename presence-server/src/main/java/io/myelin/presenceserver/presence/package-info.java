/** How a user is shown, from what they and their devices say: pure. */
@NullMarked
package io.myelin.presenceserver.presence;

import org.jspecify.annotations.NullMarked;
