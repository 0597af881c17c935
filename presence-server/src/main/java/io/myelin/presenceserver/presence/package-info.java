/** How a user is shown, computed from what they set and what their devices report. Pure. */
@NullMarked
package io.myelin.presenceserver.presence;

import org.jspecify.annotations.NullMarked;
