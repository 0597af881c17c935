@NullMarked
package io.myelin.presenceserver.presence;

import org.jspecify.annotations.NullMarked;
